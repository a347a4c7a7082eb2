import type { NodeIdentifier } from "../../graph/mod.ts";
import type { KindIndex } from "../../model/mod.ts";
import { recordAdoption, type RunWriter, type Store } from "../../store/mod.ts";
import type { ToldCoverage } from "../coverage.ts";
import type { CollectRequest } from "../request.ts";
import type { AdoptionSummary } from "../summary.ts";
import { cloudFacts } from "../upload/facts.ts";
import { type CloudFacts, hasResult, planReplacement, type ReplaceLimit } from "../upload/plan.ts";
import { adoptCloud } from "./adopt.ts";
import type { CollectCore } from "./collect_core.ts";
import { ToldReader } from "./told_node.ts";

/** A run whose scopes have all ended. */
export interface EndedRun {
  readonly request: CollectRequest;
  readonly store: Store;
  readonly writer: RunWriter;
  readonly kinds: KindIndex;
  readonly identify: NodeIdentifier;
  readonly clouds: readonly string[];
  readonly coverage: readonly ToldCoverage[];
}

/** Takes over what the core holds of clouds that this run did not look at as a whole. */
export async function adoptForRun(core: CollectCore, ended: EndedRun): Promise<AdoptionSummary[]> {
  const { request, store, writer, kinds, identify, clouds, coverage } = ended;
  const reader = new ToldReader(kinds, identify);
  const summaries: AdoptionSummary[] = [];
  for (const facts of cloudFacts(store, writer.run, clouds, core.target)) {
    if (request.signal.aborted || !needsAdoption(writer.run, facts, core.replace)) continue;
    const told = coverage.find(({ cloud }) => cloud === facts.cloud);
    const summary = await adoptCloud({
      core,
      cloud: facts.cloud,
      writer,
      reader,
      kinds,
      accounts: told?.complete === true && told.filters.length === 0 ? told.known : undefined,
      signal: request.signal,
    });
    if (request.signal.aborted) break;
    if (summary.error === undefined) recordAdoption(store, core.target, facts.cloud, writer.run);
    tell(request, summary);
    summaries.push(summary);
  }
  return summaries;
}

/** Whether more could be replaced if the store held what the core holds. */
export function needsAdoption(run: string, facts: CloudFacts, limit: ReplaceLimit): boolean {
  if (!hasResult(facts)) return false;
  const plan = (adoptedRun: string | undefined) =>
    JSON.stringify(planReplacement(run, [{ ...facts, adoptedRun }], limit, () => true).subGraphs);
  return plan(facts.adoptedRun) !== plan(run);
}

function tell({ log }: CollectRequest, summary: AdoptionSummary): void {
  const { cloud, nodes, unknownKinds, error } = summary;
  if (error !== undefined) {
    log.warn(
      "collect.adoption.failed",
      `What the core holds of ${cloud} cannot be read, so it is not replaced where this run did not look: ${error}`,
      { cloud },
    );
    return;
  }
  log.info("collect.adoption.done", `Nodes of the core taken over: ${nodes}`, { cloud, nodes });
  const kinds = Object.keys(unknownKinds);
  if (kinds.length === 0) return;
  log.warn(
    "collect.adoption.unknown_kinds",
    `The core holds nodes of kinds that no plugin here knows; they go where what they lie below is replaced: ${
      kinds.join(", ")
    }`,
    { cloud },
  );
}
