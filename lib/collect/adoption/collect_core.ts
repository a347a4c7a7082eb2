import type { CoreRecord } from "../../core/mod.ts";
import type { CoreTarget } from "../../store/mod.ts";
import type { ReplaceLimit } from "../upload/plan.ts";

/** The core that a run goes to, as far as collecting needs it. */
export interface CollectCore {
  readonly target: CoreTarget;
  /** How far the upload may replace, `--replace`. */
  readonly replace: ReplaceLimit;
  /** Everything below the node of a cloud and that node, nodes before edges; see `knownGraph`. */
  known(cloud: string, signal: AbortSignal): AsyncIterable<CoreRecord>;
}
