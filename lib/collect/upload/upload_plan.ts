import type { ReplaceLevel, Upload, UploadTraits } from "../../core/mod.ts";
import type { KindIndex } from "../../model/mod.ts";
import type { CoreTarget, Store } from "../../store/mod.ts";
import type { CloudUpload, LeftOutSummary, UploadSummary } from "../summary.ts";
import { cloudFacts } from "./facts.ts";
import { StoreLayout } from "./membership.ts";
import { type LeftOut, planReplacement, type ReplaceLimit, type ReplacePlan } from "./plan.ts";
import { type NodeIdentity, UploadGraph } from "./records.ts";

/** What is to be uploaded, and where to. */
export interface UploadInput {
  readonly kinds: KindIndex;
  readonly target: CoreTarget;
  /** A finished run. */
  readonly run: string;
  readonly clouds: readonly string[];
  readonly replace: ReplaceLimit;
  readonly traits: UploadTraits;
  /** Computes the ids of a core whose ids do not contain the name. */
  readonly identify: (node: NodeIdentity) => string;
  /** Id of the workflow's task that asked for it. */
  readonly task?: string;
}

/** An upload and what there is to say about it beforehand. */
export interface PlannedUpload {
  readonly upload: Upload;
  readonly summary: Omit<UploadSummary, "outcome" | "reason" | "changes" | "bytes" | "shortened">;
}

/**
 * Plans the upload of a run. Its records are read from the store while they are told: read within
 * one transaction where others may write.
 */
export function planUpload(store: Store, input: UploadInput): PlannedUpload {
  const { kinds, target, run, clouds, traits, identify, task } = input;
  const layout = new StoreLayout(store, kinds);
  const facts = cloudFacts(store, run, clouds, target);
  const plan = planReplacement(
    run,
    facts,
    input.replace,
    (subGraph) => layout.top(subGraph) !== undefined,
  );
  const defer = traits.crossingEdges === "defer";
  const graph = new UploadGraph(store, layout, plan.subGraphs, {
    kinds,
    defer,
    merges: traits.merges,
    ...(traits.nodeIds === "with_name" ? {} : { identify }),
  });
  const parts = graph.parts();
  const { crossing, refused, crossingTo } = graph.survey;
  return {
    upload: { kinds, parts, ...(task === undefined ? {} : { task }) },
    summary: {
      core: target.uri,
      graph: target.graph,
      run,
      clouds: facts.map(({ cloud }) => cloudUpload(cloud, plan)),
      leftOut: plan.leftOut.map((each) => leftOutSummary(each, crossingTo)),
      nodes: parts.reduce((sum, part) => sum + part.nodes, 0),
      edges: parts.reduce((sum, part) => sum + part.edges, 0),
      droppedEdges: refused + (defer ? 0 : crossing),
      deferredEdges: defer ? crossing : 0,
    },
  };
}

function cloudUpload(cloud: string, { subGraphs }: ReplacePlan): CloudUpload {
  const count = (level: ReplaceLevel) =>
    subGraphs.filter((each) => each.cloud === cloud && each.level === level).length;
  const accounts = count("account");
  const regions = count("region");
  const level = count("cloud") > 0
    ? "cloud"
    : regions > 0
    ? "region"
    : accounts > 0
    ? "account"
    : "none";
  return { cloud, level, accounts, regions };
}

function leftOutSummary(
  leftOut: LeftOut,
  crossingTo: ReadonlyMap<string, number>,
): LeftOutSummary {
  const { cloud, account, region } = leftOut;
  let crossingEdges = 0;
  for (const [text, count] of crossingTo) {
    const [ofCloud, ofAccount, ofRegion] = placeParts(text);
    const isThere = ofCloud === cloud && (account === undefined || ofAccount === account) &&
      (region === undefined || ofRegion === region);
    if (isThere) crossingEdges += count;
  }
  return { ...leftOut, crossingEdges };
}

function placeParts(text: string): readonly string[] {
  return JSON.parse(text);
}
