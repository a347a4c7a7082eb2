import type { ActionNode, ActionRight } from "../sdk/mod.ts";

/** A node that was decided about, for people. */
export type DecidedNode = Readonly<
  Pick<ActionNode, "id" | "kind" | "resource" | "name" | "cloud" | "account" | "region">
>;

/** One decision of an action plugin and what became of it. */
export interface Decided {
  readonly type: ActionRight;
  readonly node: DecidedNode;
  readonly reason: string;
  /**
   * `done`: the core or the cloud has it; `recorded`: it is a dry run; `refused`: the node may not be
   * changed so, `why` tells; `unneeded`: it was so already.
   */
  readonly outcome: "done" | "recorded" | "refused" | "unneeded";
  readonly why?: string;
}

/** What one action of one plugin came to. */
export interface ActionReport {
  readonly plugin: string;
  readonly action: string;
  readonly dryRun: boolean;
  readonly decisions: readonly Decided[];
}
