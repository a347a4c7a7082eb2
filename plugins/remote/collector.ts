import { CloudError, type CollectContext, type Collector, type Machine } from "ckworker";
import { examine } from "./doctor.ts";
import { LentKinds } from "./graph/lent_kinds.ts";
import { Sender } from "./graph/send.ts";
import { Survey } from "./graph/survey.ts";
import type { RemoteOptions } from "./options.ts";
import { CALL, type RemoteRun, surveyEndpoint } from "./run.ts";
import { type Endpoint, readEndpoint } from "./source/endpoint.ts";
import { readEndpointLines, type Reading } from "./source/read.ts";
import { Unreadable } from "./source/unreadable.ts";
import { Told } from "./told.ts";

/** The collector on a machine. */
export function createCollector(machine: Machine): Collector<RemoteOptions> {
  return {
    async collect(context) {
      using pool = machine.pool(context.caCertificates);
      await collectAll(prepare(context, machine, pool.fetch));
    },
    async doctor(context) {
      using pool = machine.pool(context.caCertificates);
      return await examine(prepare(context, machine, pool.fetch));
    },
  };
}

function prepare(
  context: CollectContext<RemoteOptions>,
  machine: Machine,
  fetch: Reading["fetch"],
): RemoteRun {
  const { endpoint, cloud, token } = context.options;
  if (endpoint.length === 0 || cloud.length === 0) {
    throw new CloudError("request", "Remote: no endpoint, or no cloud to take from it", {
      context: { plugin: "remote" },
      hint: "Give --remote-endpoint and --remote-cloud.",
    });
  }
  return {
    context,
    lent: new LentKinds(context.lent),
    reading: { machine, fetch, signal: context.signal },
    endpoints: endpoint.map((text, index) => readEndpoint(text, token[index])),
  };
}

/** An endpoint that cannot be read costs no other; the run says so in the end. */
async function collectAll(run: RemoteRun): Promise<void> {
  const told = new Told(run.lent);
  const unreadable: string[] = [];
  for (const endpoint of run.endpoints) {
    try {
      await collectEndpoint(run, endpoint, told);
    } catch (error) {
      run.context.signal.throwIfAborted();
      if (!(error instanceof Unreadable)) throw error;
      unreadable.push(`${endpoint.label}: ${error.message}`);
    }
  }
  await told.tell(run, unreadable.length === 0);
  if (unreadable.length === 0) return;
  throw new CloudError("request", `Cannot be read: ${unreadable.join("; ")}`, {
    context: { plugin: "remote" },
    hint: "What is known of it keeps its last good data.",
  });
}

/**
 * Reads a file twice: to see whether it is whole, and to pass it on. Scopes are left open when the
 * second reading is not the first once more, so that nothing of it counts.
 */
async function collectEndpoint(run: RemoteRun, endpoint: Endpoint, told: Told): Promise<void> {
  const { context, lent, reading } = run;
  const { label } = endpoint;
  warnOfOpenWay(run, endpoint);
  context.progress(label, 0, 2, "survey");
  const survey = new Survey(lent, CALL);
  const first = await surveyEndpoint(endpoint, reading, survey);
  tellLeftOut(run, endpoint, survey);
  context.progress(label, 1, 2, "nodes");
  const sender = await Sender.start(context, survey, lent, label);
  const second = await readEndpointLines(endpoint, reading, (line) => sender.take(line));
  if (second !== first || sender.sent !== survey.size) {
    throw new Unreadable("request", "it changed while it was read");
  }
  await sender.close();
  told.add(label, survey);
  context.progress(label, 2, 2);
}

function warnOfOpenWay({ context }: RemoteRun, endpoint: Endpoint): void {
  if (endpoint.type !== "http" || !endpoint.open) return;
  context.log("warn", "remote.open", "A graph is read over http: others can read and change it", {
    endpoint: endpoint.label,
  });
}

function tellLeftOut({ context }: RemoteRun, { label }: Endpoint, { leftOut }: Survey): void {
  if (leftOut.size === 0) return;
  const clouds = [...leftOut].map(([cloud, count]) => `${cloud} (${count})`).join(", ");
  context.log("info", "remote.left_out", "Nodes of clouds that --remote-cloud does not name", {
    endpoint: label,
    clouds,
  });
}
