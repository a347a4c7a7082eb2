/**
 * Collects a recorded AWS estate with the binary, and with peers where they are installed.
 *
 *     deno run -A scripts/bench/aws.ts RECORDING [large | small | peer]
 *
 * `large`: 10 accounts in 5 regions, the binary alone, at 0 and 50 ms latency, with its share of the
 * ideal. `small`: 2 accounts in 2 regions at 0 ms, beside the peers that `scripts/bench/all` puts
 * below `.tools`. `peer`: 4 accounts in 3 regions at 0 ms, beside the
 * peer that gets through it. Prints one JSON line per run; docs/benchmarks.md explains the figures.
 */
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { binaryPath } from "../../tests/support/binary.ts";
import { type Figures, measured } from "./measure.ts";
import { readRecording, type Recording } from "./replay/recording.ts";
import { type ReplayServer, startReplay } from "./replay/serve.ts";

const REGIONS = ["us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-2"] as const;
/** Limits of the AWS plugin: requests in flight of one guest, accounts at once. */
const IN_FLIGHT = 64;
const ACCOUNTS_AT_ONCE = 5;
/** So long that our own time does not count when dependent calls are counted. */
const COUNTING_LATENCY = 1000;
const KEYS = { AWS_ACCESS_KEY_ID: "bench", AWS_SECRET_ACCESS_KEY: "bench" } as const;

/** Who collects, and how its nodes are counted. */
interface Contender {
  readonly name: string;
  command(server: ReplayServer, regions: readonly string[], folder: string): readonly string[];
}

const OURS: Contender = {
  name: "ckworker",
  command: (server, regions, folder) => [
    ...[binaryPath(), "--once", "--collector", "aws", "--store", `${folder}/ckworker.db`],
    ...["--aws-endpoint-url", server.url, "--aws-role", "ckworker", "--aws-scrape-org"],
    ...["--aws-region", ...regions],
  ],
};

const FIXINVENTORY: Contender = {
  name: "fixinventory",
  command: (server, regions) => [
    ...[tool("peers/fixinventory/bin/python"), script("./peers/fixinventory.py")],
    ...[regions.join(","), server.accounts.join(",")],
  ],
};

const CLOUD2SQL: Contender = {
  name: "cloud2sql",
  command: (server, regions, folder) => {
    const config = `${folder}/cloud2sql.yml`;
    const aws = {
      region: regions,
      account: server.accounts,
      role: "ckworker",
      assume_current: true,
      do_not_scrape_current: true,
    };
    const destinations = { sqlite: { database: `${folder}/cloud2sql.db` } };
    // JSON is YAML.
    Deno.writeTextFileSync(config, JSON.stringify({ sources: { aws }, destinations }));
    const flags = ["--analytics-opt-out", "--show", "log", "--config", config];
    return [tool("peers/cloud2sql/bin/cloud2sql"), ...flags];
  },
};

if (import.meta.main) {
  const [path, size = "large"] = Deno.args;
  if (path === undefined) {
    throw new Error("name a recording made by scripts/bench/replay/estate.ts");
  }
  const recording = await readRecording(path);
  if (size === "small") {
    await compare(recording, [OURS, CLOUD2SQL, FIXINVENTORY], 2, ["us-east-1", "eu-west-1"]);
  } else if (size === "peer") await compare(recording, [OURS, CLOUD2SQL], 4, REGIONS.slice(0, 3));
  else await collectLarge(recording);
}

async function collectLarge(recording: Recording): Promise<void> {
  const chain = await countChain(recording);
  print({ dependentCalls: chain });
  for (const latency of [0, 50]) {
    const { calls, ...run } = await collect(OURS, recording, 10, REGIONS, latency);
    const waves = Math.ceil(10 / ACCOUNTS_AT_ONCE);
    const idealMs = latency *
      Math.max(calls / IN_FLIGHT, chain.before + waves * chain.perAccount);
    const share = latency === 0 ? undefined : Number((idealMs / run.wallMs).toFixed(3));
    print({ ...run, calls, idealMs: Math.round(idealMs), share });
  }
}

async function compare(
  recording: Recording,
  contenders: readonly Contender[],
  accounts: number,
  regions: readonly string[],
): Promise<void> {
  for (const contender of contenders) {
    if (contender !== OURS && !existsSync(tool(`peers/${contender.name}`))) {
      print({ name: contender.name, missing: "run scripts/bench/all" });
    } else print(await collect(contender, recording, accounts, regions, 0));
  }
}

/**
 * Longest chain of calls of which each waits for the one before: before the accounts, and in each
 * account. Counted with so much latency that a call's number is its time.
 */
async function countChain(recording: Recording) {
  const one = await chainOf(recording, 1, []);
  const two = await chainOf(recording, 2, ["--aws-account-pool-size", "1"]);
  return { before: 2 * one - two, perAccount: two - one };
}

async function chainOf(
  recording: Recording,
  accounts: number,
  flags: readonly string[],
): Promise<number> {
  await using server = startReplay({
    recording,
    accounts,
    regions: ["us-east-1"],
    latency: COUNTING_LATENCY,
  });
  await run([...OURS.command(server, ["us-east-1"], "{folder}"), ...flags], server);
  return Math.floor(server.stats.spanMs / COUNTING_LATENCY);
}

async function collect(
  contender: Contender,
  recording: Recording,
  accounts: number,
  regions: readonly string[],
  latency: number,
) {
  await using server = startReplay({ recording, accounts, regions, latency });
  const folder = await Deno.makeTempDir({ prefix: "ckworker-bench-" });
  try {
    const { output, ...figures } = await run(contender.command(server, regions, folder), server);
    return {
      name: contender.name,
      accounts,
      regions: regions.length,
      latency,
      ...figures,
      nodes: await countNodes(contender, folder, output),
      calls: server.stats.calls,
      maxInFlight: server.stats.maxInFlight,
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function run(
  command: readonly string[],
  server: ReplayServer,
): Promise<Figures & { readonly output: string }> {
  const home = await Deno.makeTempDir({ prefix: "ckworker-bench-" });
  try {
    return await measured(
      command.map((word) => word.replace("{folder}", home)),
      { ...KEYS, HOME: home, AWS_ENDPOINT_URL: server.url },
    );
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

async function countNodes(
  contender: Contender,
  folder: string,
  output: string,
): Promise<number | undefined> {
  if (contender === CLOUD2SQL) return await countRows(`${folder}/cloud2sql.db`);
  const [, count] = (contender === OURS ? /: (\d+) nodes/ : /"nodes": (\d+)/).exec(output) ?? [];
  return count === undefined ? undefined : Number(count);
}

/** Rows of all tables but those of edges. */
async function countRows(path: string): Promise<number> {
  const { DatabaseSync } = await import("node:sqlite");
  const db = new DatabaseSync(path, { readOnly: true });
  try {
    const tables = db.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all();
    return tables.map(({ name }) => String(name)).filter((name) => !name.startsWith("link_"))
      .reduce(
        (sum, name) =>
          sum + Number(db.prepare(`SELECT count(*) AS n FROM "${name}"`).get()?.["n"] ?? 0),
        0,
      );
  } finally {
    db.close();
  }
}

function tool(path: string): string {
  return fileURLToPath(new URL(`../../.tools/${path}`, import.meta.url));
}

function script(path: string): string {
  return fileURLToPath(new URL(path, import.meta.url));
}

function print(line: object): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(line)}\n`));
}
