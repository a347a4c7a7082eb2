import {
  CallFault,
  CallLog,
  type NodeInput,
  outcomeOf,
  type ScopeInput,
  toScopeFault,
} from "ckworker";
import { addressOf, type Server } from "./access/server.ts";
import { sshFault } from "./client/fault.ts";
import type { Facts } from "./facts/facts.ts";
import { placeOf } from "./options.ts";
import { type OnpremRun, readFacts } from "./read_facts.ts";

const KIND = "onprem_instance";

/** The scope of one host: what happens to it costs no other. */
export function scopeOf(run: OnpremRun, server: Server): ScopeInput {
  const { location, region } = placeOf(server, run.context.options);
  return {
    account: location,
    ...(region === undefined ? {} : { region: { id: region, name: region } }),
    resource: `${KIND} ${addressOf(server)}`,
  };
}

/**
 * Collects one host. Its faults end in the outcome of its scope and are not thrown.
 * @throws the signal's reason when the run is stopped
 */
export async function collectHost(run: OnpremRun, server: Server, log: CallLog): Promise<void> {
  const { context, machine } = run;
  const scope = scopeOf(run, server);
  if (context.resumed(scope)) return;
  context.signal.throwIfAborted();
  const writer = await context.open(scope);
  const started = machine.clock.now();
  const answered = (isError: boolean) => {
    const ms = machine.clock.now() - started;
    log.answered("ssh:ReadFacts", scope.account, scope.region?.name ?? "", ms, isError);
  };
  try {
    const facts = await readFacts(run, server);
    answered(false);
    await writer.node(nodeOf(run, server, facts));
    const faults = tell(run, server, facts);
    await writer.close(faults.length === 0 ? {} : { outcome: "partial", faults });
  } catch (error) {
    context.signal.throwIfAborted();
    answered(true);
    const fault = toScopeFault(error, "ssh:ReadFacts");
    const stack = error instanceof CallFault
      ? {}
      : { stack: String(Reflect.get(Object(error), "stack")) };
    context.log("error", "onprem.host", fault.message, stack);
    await writer.close({ outcome: outcomeOf(error), faults: [fault] });
  }
}

function nodeOf(run: OnpremRun, server: Server, { reported, keep }: Facts): NodeInput {
  const { network } = placeOf(server, run.context.options);
  return {
    kind: KIND,
    id: server.host,
    reported: { tags: {}, instance_status: "running", ...reported },
    ...(keep.length === 0 ? {} : { keep }),
    // A network is the only thing that a host of it hangs below.
    ...(network === undefined ? {} : {
      orphan: true,
      edges: [{ direction: "from", kind: "onprem_network", by: "id", value: network }],
    }),
  };
}

/** Logs what a host could not tell, and gives it as faults of its scope. */
function tell({ context }: OnpremRun, server: Server, { faults, notes }: Facts) {
  const address = addressOf(server);
  for (const note of notes) context.log("info", "onprem.host", `${address}: ${note}`);
  return faults.map(({ part, message }) => {
    context.log("warn", "onprem.host", `${address}: ${message}`);
    return sshFault("ssh:ReadFacts", part, `${address}: ${message}`).scopeFault;
  });
}
