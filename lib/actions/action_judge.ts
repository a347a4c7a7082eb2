import { SandboxError } from "../errors/mod.ts";
import type { Core, CoreNode, NodePatch } from "../core/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { ActionPort, TagOrder } from "../sandbox/mod.ts";
import {
  type ActionManifest,
  type ActionRight,
  type Decision,
  obstacle,
  readNode,
  type TagChange,
} from "../sdk/mod.ts";
import type { Decided } from "./action_report.ts";
import { type ShownNode, ShownNodes } from "./shown_nodes.ts";

/** Changes a tag of a node in its cloud. @throws ChangeError, CloudError */
export type TagPort = (node: CoreNode, change: TagChange, signal: AbortSignal) => Promise<void>;

/** What an action plugin's requests are carried out with. */
export interface JudgeOptions {
  readonly manifest: ActionManifest;
  readonly core: Pick<Core, "query" | "aggregate" | "patch">;
  readonly tag: TagPort;
  readonly dryRun: boolean;
  readonly now: () => Date;
  readonly log: Logger;
}

/** An entry of a node's event log. */
interface LogEntry {
  readonly timestamp: string;
  readonly msg: string;
  readonly exception: null;
}

/**
 * Carries out what an action plugin asks for, as far as its manifest and the nodes allow. A plugin
 * says what it decides and never writes: whatever it is, it changes nothing but marks, protections,
 * event logs and, through the cloud, tags.
 */
export class ActionJudge implements ActionPort {
  readonly decided: Decided[] = [];
  readonly #options: JudgeOptions;
  readonly #shown = new ShownNodes();
  /** Entries of this run by node: a core replaces the list that it has. */
  readonly #logs = new Map<string, LogEntry[]>();

  constructor(options: JudgeOptions) {
    this.#options = options;
  }

  query(text: string, signal: AbortSignal): AsyncIterable<unknown> {
    return this.#shown.watch(this.#options.core.query(text, signal));
  }

  aggregate(text: string, signal: AbortSignal): AsyncIterable<unknown> {
    return this.#options.core.aggregate(text, signal);
  }

  async decide(decisions: readonly Decision[], signal: AbortSignal): Promise<void> {
    const made = decisions.map((decision) => this.#judge(decision));
    const done = made.filter(({ outcome }) => outcome === "done");
    const patches = new Map<string, NodePatch>();
    for (const decided of done) {
      patches.set(decided.node.id, this.#patchOf(decided, patches.get(decided.node.id)));
    }
    if (patches.size > 0) await this.#options.core.patch(patches.values(), signal);
    for (const decided of made) this.#keep(decided);
  }

  async tag({ node, change, reason }: TagOrder, signal: AbortSignal): Promise<void> {
    const shown = this.#allowed("tag", node);
    const keep = (outcome: Decided["outcome"], why?: string) =>
      this.#keep({
        type: "tag",
        node: shown,
        reason,
        outcome,
        ...(why === undefined ? {} : { why }),
      });
    if (this.#options.dryRun) return keep("recorded");
    const fresh = await this.#fresh(node, signal);
    if (fresh === undefined) return keep("refused", "it is gone");
    const why = obstacle(readNode(fresh));
    if (why !== undefined) return keep("refused", why);
    await this.#options.tag(fresh, change, signal);
    keep("done");
  }

  #judge({ type, node, reason }: Decision): Decided {
    const shown = this.#allowed(type, node);
    const why = type === "mark" ? obstacle(shown) : undefined;
    const outcome = why !== undefined
      ? "refused"
      : isUnneeded(type, shown)
      ? "unneeded"
      : this.#options.dryRun && type !== "protect"
      ? "recorded"
      : "done";
    if (outcome === "done" || outcome === "recorded") this.#shown.set(after(type, shown));
    return { type, node: shown, reason, outcome, ...(why === undefined ? {} : { why }) };
  }

  /** @throws SandboxError for what the plugin may not do at all */
  #allowed(right: ActionRight, id: string): ShownNode {
    const { name, may } = this.#options.manifest;
    if (!may.includes(right)) {
      throw denied(name, `may not ${right} nodes: its manifest does not say`);
    }
    const shown = this.#shown.get(id);
    if (shown === undefined) throw denied(name, `may not ${right} a node that it was not shown`);
    return shown;
  }

  #patchOf({ type, node, reason }: Decided, earlier?: NodePatch): NodePatch {
    const entry = { timestamp: this.#options.now().toISOString(), msg: reason, exception: null };
    const log = [...this.#logs.get(node.id) ?? [], entry];
    this.#logs.set(node.id, log);
    const desired = type === "mark" ? { clean: true } : type === "unmark" ? { clean: false } : {};
    return {
      ...earlier,
      id: node.id,
      ...(Object.keys(desired).length === 0 ? {} : { desired }),
      metadata: {
        ...earlier?.metadata,
        ...(type === "protect" ? { protected: true } : {}),
        event_log: log,
      },
    };
  }

  #keep(decided: Decided): void {
    this.decided.push(decided);
    const { type, node, reason, outcome, why } = decided;
    const text = `${type} ${node.kind} ${node.resource} (${node.name}): ${reason}`;
    const fields = { kind: node.kind, account: node.account, region: node.region, outcome };
    const { log } = this.#options;
    if (outcome === "unneeded") log.debug("action.decision", `${text}; it was so already`, fields);
    else if (outcome === "refused") log.warn("action.decision", `Refused: ${text}; ${why}`, fields);
    else if (outcome === "recorded") log.info("action.decision", `Dry run: ${text}`, fields);
    else log.info("action.decision", text, fields);
  }

  /** The whole node as it is now: a cloud is asked to change it. */
  async #fresh(id: string, signal: AbortSignal): Promise<CoreNode | undefined> {
    const text = `id(${JSON.stringify(id)})`;
    for await (const record of this.#options.core.query(text, signal)) {
      if (record.type === "node" && record.id === id) return record;
    }
    return undefined;
  }
}

function isUnneeded(type: Decision["type"], shown: ShownNode): boolean {
  if (type === "mark") return shown.isMarked;
  if (type === "unmark") return !shown.isMarked;
  return type === "protect" && shown.isProtected;
}

function after(type: Decision["type"], shown: ShownNode): ShownNode {
  if (type === "mark" || type === "unmark") return { ...shown, isMarked: type === "mark" };
  return type === "protect" ? { ...shown, isProtected: true } : shown;
}

function denied(plugin: string, what: string): SandboxError {
  return new SandboxError("denied", `Plugin "${plugin}" ${what}`, { context: { plugin } });
}
