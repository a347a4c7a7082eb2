import {
  CallFault,
  CkError,
  type CollectContext,
  type DoctorReport,
  recordsAt,
  textAt,
  toScopeFault,
} from "ckworker";
import pMap from "p-map";
import type { GcpMachine } from "./access/machine.ts";
import type { Api } from "./client/api.ts";
import { knownLists, parametersOf } from "./engine/lists.ts";
import { callName } from "./engine/operations.ts";
import { selected } from "./engine/selection.ts";
import type { GcpOptions } from "./options.ts";
import { type Project, readProjects, wantedProjects } from "./projects.ts";
import type { Resource } from "./resource.ts";
import { Session } from "./session.ts";

type AccountReport = DoctorReport["accounts"][number];

/** Calls that are tried at once in a project. */
const AT_ONCE = 4;

/** Lists the projects and tries the first page of each list in each of them. */
export async function examine(
  context: CollectContext<GcpOptions>,
  machine: GcpMachine,
): Promise<DoctorReport> {
  const { options } = context;
  using session = new Session(context, machine, "read");
  const lists = await readProjects(session, context);
  const credentials = lists.map(({ authority, fault }) =>
    fault === undefined ? authority.identity : `${authority.identity} (${fault.message})`
  );
  const accounts = await pMap(
    wantedProjects(lists, options),
    (project) => examineProject(project, session.api(project.authority), context),
    { concurrency: options.project_pool_size },
  );
  return { credentials: credentials.join("; "), accounts };
}

async function examineProject(
  { id, raw, unplaced }: Project,
  api: Api,
  context: CollectContext<GcpOptions>,
): Promise<AccountReport> {
  const known = { id, name: textAt(raw, "name") ?? id };
  if (unplaced !== undefined) {
    return { ...known, regions: [], denied: [], problem: unplaced.message };
  }
  try {
    const regions = await regionsOf(id, api);
    const denied = await pMap(
      selected(context.options),
      (resource) => tryList({ project: id, regions }, resource, api, context.signal),
      { concurrency: AT_ONCE },
    );
    return { ...known, regions, denied: denied.flat() };
  } catch (error) {
    context.signal.throwIfAborted();
    if (!(error instanceof CkError)) throw error;
    return { ...known, regions: [], denied: [], problem: error.message };
  }
}

async function regionsOf(project: string, api: Api): Promise<readonly string[]> {
  const names: string[] = [];
  try {
    for await (const page of api.pages("compute", "regions.list", { project })) {
      names.push(...recordsAt(page, "items").flatMap((raw) => textAt(raw, "name") ?? []));
    }
  } catch (error) {
    if (!isRefused(error)) throw error;
  }
  return names.sort();
}

interface Places {
  readonly project: string;
  readonly regions: readonly string[];
}

/** A list that is made in each region is tried in one. */
async function tryList(
  { project, regions }: Places,
  resource: Resource,
  api: Api,
  signal: AbortSignal,
): Promise<AccountReport["denied"]> {
  if (resource.under !== undefined || resource.service === "cloudbilling") return [];
  const hosts = api.operations.regions(resource.service);
  const region = hosts.find((each) => regions.includes(each)) ?? hosts[0];
  for (const call of knownLists(resource, api.operations)) {
    const { operation } = call;
    try {
      await api.call(resource.service, operation, parametersOf(call, project, region));
    } catch (error) {
      signal.throwIfAborted();
      if (!isRefused(error)) throw error;
      if (error instanceof CallFault && error.outcome === "not_enabled") return [];
      const fault = toScopeFault(error, callName(resource.service, operation));
      return [{ ...fault, kinds: [resource.kind] }];
    }
  }
  return [];
}

function isRefused(error: unknown): boolean {
  return error instanceof CallFault &&
    (error.outcome === "denied" || error.outcome === "not_enabled");
}
