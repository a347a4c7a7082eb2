import {
  CloudError,
  type CollectContext,
  type Collector,
  type DescribedMapping,
  isOfShard,
} from "ckworker";
import pMap from "p-map";
import type { GcpMachine } from "./access/machine.ts";
import { createChanger } from "./changer.ts";
import type { Api } from "./client/api.ts";
import { examine } from "./doctor.ts";
import { PROJECT_KIND } from "./engine/base.ts";
import { createMapper } from "./engine/mapper.ts";
import { ProjectRun } from "./engine/project_run.ts";
import type { RunParts } from "./engine/run_parts.ts";
import { selected } from "./engine/selection.ts";
import { type PriceList, readPriceList } from "./hooks/price_list.ts";
import type { GcpOptions } from "./options.ts";
import { type ProjectList, readProjects, reportProjects, wantedProjects } from "./projects.ts";
import { resources } from "./resources/mod.ts";
import { Session } from "./session.ts";

/** The collector over what is generated and a machine. */
export function createCollector(
  mapping: DescribedMapping,
  machine: GcpMachine,
): Collector<GcpOptions> {
  return {
    collect: (context) => collect(context, mapping, machine),
    doctor: (context) => examine(context, machine),
    changer: (context) => createChanger(context, mapping, machine),
  };
}

async function collect(
  context: CollectContext<GcpOptions>,
  mapping: DescribedMapping,
  machine: GcpMachine,
): Promise<void> {
  const { options } = context;
  using session = new Session(context, machine, "read");
  const lists = await readProjects(session, context);
  refuseNothing(lists);
  reportProjects(context, lists);
  for (const { fault, authority } of lists) {
    if (fault === undefined) continue;
    const message = `not all projects of ${authority.identity} are known: ${fault.message}`;
    context.log("error", "gcp.projects.failed", message);
  }
  const parts: RunParts = {
    context,
    all: resources,
    resources: selected(options),
    mapper: createMapper(mapping),
    prices: pricesOnce(selected(options).some(({ collector }) => collector === "services")),
  };
  const mine = wantedProjects(lists, options).filter(({ id }) => isOfShard(id, context.shard));
  await pMap(mine, async (project) => {
    const api = session.api(project.authority);
    await new ProjectRun(project, api, parts).collect();
  }, { concurrency: options.project_pool_size });
}

/** Where no list could be read and no project is known, nothing can be collected at all. */
function refuseNothing(lists: readonly ProjectList[]): void {
  const isKnown = lists.some(({ fault, projects }) => fault === undefined || projects.length > 0);
  const [first] = lists;
  if (isKnown || first?.fault === undefined) return;
  throw new CloudError("no_credentials", `no project of ${first.authority.identity} is known`, {
    context: { plugin: "gcp", kind: PROJECT_KIND },
    hint: [first.fault.message, first.fault.hint].filter((each) => each !== undefined).join(". "),
    cause: first.fault,
  });
}

/** The price list is the same for all projects; after a failure the next one asks for itself. */
function pricesOnce(isWanted: boolean): (api: Api) => Promise<PriceList | undefined> {
  let list: Promise<PriceList | undefined> | undefined;
  return async (api) => {
    if (!isWanted) return undefined;
    const own = list ??= readPriceList(api);
    try {
      return await own;
    } catch (error) {
      if (list === own) list = undefined;
      throw error;
    }
  };
}
