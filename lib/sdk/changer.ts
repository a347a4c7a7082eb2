import type { PluginContext } from "./plugin_context.ts";

/** A node as whoever wants it changed knows it; the cloud may know better. */
export interface ChangeNode {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly cloud: string;
  /** `reported` holds what is known of the account node, such as the role it was collected with. */
  readonly account: {
    readonly id: string;
    readonly name: string;
    readonly reported: Readonly<Record<string, unknown>>;
  };
  /** Absent for a node that lies in none. */
  readonly region?: { readonly id: string; readonly name: string };
  /** Zone id. */
  readonly zone?: string;
  /** Properties as JSON values, `tags` among them. */
  readonly reported: Readonly<Record<string, unknown>>;
}

/** One change of a node. */
export type NodeChange =
  | { readonly type: "setTag"; readonly key: string; readonly value: string }
  | { readonly type: "removeTag"; readonly key: string }
  | { readonly type: "prepare" }
  | { readonly type: "delete" }
  /** Changes nothing: asks what the node is at this moment. */
  | { readonly type: "read" };

/**
 * What came of a change. `done`: the node is as it was asked to be, or the cloud has taken the order.
 * `gone`: there is no such node in the cloud any more.
 */
export interface ChangeResult {
  readonly outcome: "done" | "gone";
  /** After a change of tags: all tags of the node, as far as the plugin knows. */
  readonly tags?: Readonly<Record<string, string>>;
  /** After a read that found the node: what it is now. */
  readonly read?: NodeReading;
}

/** A node as its cloud tells it, in the same form as a collect would. */
export interface NodeReading {
  /** Absent when it could not be told. */
  readonly name?: string;
  /** All properties, `tags` among them. */
  readonly reported: Readonly<Record<string, unknown>>;
  /** Properties that could not be told, `name` among them, and about which `reported` says nothing. */
  readonly unknown: readonly string[];
  readonly phantom?: boolean;
  readonly protected?: boolean;
}

/** Everything that a changer gets. */
export type ChangeContext<Options> = PluginContext<Options>;

/**
 * Changes nodes, many at once. The same change twice has the effect of one: the host asks again when
 * an answer was lost.
 */
export interface Changer {
  /**
   * Makes one change of a kind whose `changes` in the model name it.
   * @param signal aborted when nobody waits for the answer any more
   * @throws ChangeError `unsupported` for what the kind does not have, `failed` for what the cloud
   *   did not do; CloudError for a call that failed
   */
  change(node: ChangeNode, change: NodeChange, signal: AbortSignal): Promise<ChangeResult>;
  /** Called once when no more changes come and none is being made. */
  close?(): Promise<void>;
}
