import type { PluginContext } from "../plugin_context.ts";
import type { Decision, TagChange } from "./act_messages.ts";
import type { ActionRecord, Generation } from "./records.ts";

/** Everything that an action plugin gets. */
export interface ActionContext<Options>
  extends Pick<PluginContext<Options>, "options" | "now" | "signal" | "log"> {
  /** Step of the workflow. */
  readonly action: string;
  /** What came with the step; empty when nobody but this program drives the workflow. */
  readonly task: Readonly<Record<string, unknown>>;
  /** Texts of the files that the manifest names, by path; one that cannot be read is absent. */
  readonly files: Readonly<Record<string, string>>;
  /** Whose words queries are in. */
  readonly dialect: Generation;
  /** Decisions and tags are recorded and not carried out; protections are. */
  readonly dryRun: boolean;
  /** Asks for a part of the graph: all nodes, then all edges. */
  query(text: string): AsyncIterable<ActionRecord>;
  /** Asks for figures; one object for each group. */
  aggregate(text: string): AsyncIterable<Readonly<Record<string, unknown>>>;
  /**
   * Decides about nodes that a query of this run has shown. A mark of a node that is protected, a
   * phantom, cleaned up already or stale is refused by the host and told; that is no error.
   * @throws SandboxError `denied` for what the manifest does not list and for unknown nodes
   */
  decide(decisions: Iterable<Decision>): Promise<void>;
  /**
   * Changes a tag of a node in the cloud.
   * @throws ChangeError when it was not changed; SandboxError as `decide`
   */
  tag(node: string, change: TagChange, reason: string): Promise<void>;
}

/** An action plugin's behaviour. */
export interface Action<Options = Record<string, unknown>> {
  /**
   * Does its part of one workflow step.
   * @throws ConfigError when its configuration is not usable
   */
  run(context: ActionContext<Options>): Promise<void>;
}

/** Checks an action's form at compile time and returns it. */
export function defineAction<Options>(action: Action<Options>): Action<Options> {
  return action;
}
