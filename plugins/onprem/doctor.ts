import { CallFault, type DoctorReport, toScopeFault } from "ckworker";
import pMap from "p-map";
import { addressOf, type Server } from "./access/server.ts";
import { placeOf, serversOf } from "./options.ts";
import { type OnpremRun, readFacts } from "./read_facts.ts";

/** What cures a part that fails. */
const NEEDS: Readonly<Record<string, string>> = {
  meminfo: "reading /proc/meminfo",
  cpuinfo: "reading /proc/cpuinfo",
  route4: "ip, of iproute2 or busybox",
  route6: "ip, of iproute2 or busybox",
  address: "ip, of iproute2 or busybox",
  uname: "uname",
  hostname: "uname",
};

type HostReport = DoctorReport["accounts"][number];

/** Visits each host, and says of each whether it is reached, lets us in, and what it cannot tell. */
export async function examine(run: OnpremRun): Promise<DoctorReport> {
  const { options } = run.context;
  const accounts = await pMap(serversOf(options), (server) => examineHost(run, server), {
    concurrency: options.pool_size,
  });
  return { credentials: run.logins.description, accounts };
}

async function examineHost(run: OnpremRun, server: Server): Promise<HostReport> {
  const { context } = run;
  const { location, region } = placeOf(server, context.options);
  const known = {
    id: addressOf(server),
    name: location,
    regions: region === undefined ? [] : [region],
  };
  try {
    const { faults } = await readFacts(run, server);
    const denied = faults.map(({ part, message }) => ({
      call: "ssh:ReadFacts",
      code: part,
      message,
      count: 1,
      ...(NEEDS[part] === undefined ? {} : { permission: NEEDS[part] }),
      kinds: ["onprem_instance"],
    }));
    return { ...known, denied };
  } catch (error) {
    context.signal.throwIfAborted();
    const fault = toScopeFault(error, "ssh:ReadFacts");
    if (error instanceof CallFault && error.outcome === "denied") {
      return { ...known, denied: [{ ...fault, kinds: ["onprem_instance"] }] };
    }
    return { ...known, denied: [], problem: fault.message };
  }
}
