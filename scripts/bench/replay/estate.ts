/**
 * Makes the recording that the AWS benchmark replays: one account and region of moto, filled, with
 * valid answers of the operations that moto lacks.
 *
 *     deno run -A scripts/bench/replay/estate.ts estate.json
 *
 * Needs the binary and the tests' Python (scripts/compile, scripts/setup --tests). What is recorded
 * is what the binary asks for and what `PEERS` (commands, one a line, `{url}` in them) ask for.
 */
import { MOTO_GAPS } from "../../../tests/support/aws_answers.ts";
import { AWS_KEYS } from "../../../tests/support/aws_binary.ts";
import { seedEstate } from "../../../tests/support/aws_estate.ts";
import { binaryPath } from "../../../tests/support/binary.ts";
import { startFaultProxy } from "../../../tests/support/fault_proxy.ts";
import { startMoto } from "../../../tests/support/moto.ts";
import { recordCommand } from "./record.ts";
import type { RecordedCall, Recording } from "./recording.ts";

const REGION = "us-east-1";
/** Running instances beside one of every kind; each comes with volumes and an interface. */
const INSTANCES = 100;

/** Records the account `EMPTY.account`, which is the management account of the estate. */
export async function recordEstate(peers: readonly (readonly string[])[]): Promise<Recording> {
  await using moto = await startMoto();
  const { management: account } = await seedEstate(moto, {
    members: 0,
    regions: [REGION],
    suspended: false,
    extra: INSTANCES,
  });
  await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  for (const [name, value] of Object.entries(AWS_KEYS)) Deno.env.set(name, value);
  const folder = await Deno.makeTempDir({ prefix: "ckworker-bench-" });
  try {
    const place = { account, region: REGION };
    let recording: Recording = { ...place, calls: [] };
    for (const command of [ownCommand(`${folder}/store.db`), ...peers]) {
      recording = await recordCommand(proxy.url, place, command, recording.calls);
    }
    return { ...recording, calls: recording.calls.map(completed) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function ownCommand(store: string): readonly string[] {
  return [
    ...[binaryPath(), "--once", "--collector", "aws", "--store", store],
    ...["--aws-region", REGION, "--aws-endpoint-url", "{url}"],
  ];
}

/** Adds what AWS always tells and peers cannot do without, where the answers of the tests are terse. */
function completed(call: RecordedCall): RecordedCall {
  if (call.operation === "GetProducts") return { ...call, body: PRICES };
  if (call.operation !== "DescribeInstances" || call.body.includes("<cpuOptions>")) return call;
  return { ...call, body: call.body.replaceAll("<instanceType>", `${CORES}<instanceType>`) };
}

const CORES = "<cpuOptions><coreCount>1</coreCount><threadsPerCore>2</threadsPerCore></cpuOptions>";

const PRICES = JSON.stringify({
  FormatVersion: "aws_v1",
  PriceList: [JSON.stringify({
    product: {
      productFamily: "Compute Instance",
      attributes: { tenancy: "Shared", vcpu: "2", memory: "8 GiB", servicecode: "AmazonEC2" },
      sku: "SKU",
    },
    serviceCode: "AmazonEC2",
    terms: {
      OnDemand: {
        "SKU.TERM": {
          priceDimensions: {
            "SKU.TERM.RATE": {
              unit: "Hrs",
              endRange: "Inf",
              description: "$0.25 per hour",
              appliesTo: [],
              rateCode: "SKU.TERM.RATE",
              beginRange: "0",
              pricePerUnit: { USD: "0.2500000000" },
            },
          },
          sku: "SKU",
          effectiveDate: "2026-01-01T00:00:00Z",
          offerTermCode: "TERM",
          termAttributes: {},
        },
      },
    },
    version: "20260101000000",
    publicationDate: "2026-01-01T00:00:00Z",
  })],
});

if (import.meta.main) {
  const [out] = Deno.args;
  if (out === undefined) throw new Error("name the file to write");
  const peers = (Deno.env.get("PEERS") ?? "").split("\n").filter((line) => line !== "")
    .map((line) => line.split(" "));
  await Deno.writeTextFile(out, JSON.stringify(await recordEstate(peers)));
}
