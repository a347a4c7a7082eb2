import { actionTimeouts, runAction, type TagPort } from "../actions/mod.ts";
import { dropOldMarks } from "../cleanup/mod.ts";
import type { Core } from "../core/mod.ts";
import { embeddedCore, selectNodes } from "../embedded/mod.ts";
import { CkError, QueryError, toWire } from "../errors/mod.ts";
import type { Store } from "../store/mod.ts";
import { tagNode, type TagTasks } from "../tags/mod.ts";
import { groupDecisions } from "./group.ts";
import type { ActionOrder, WorkflowPorts, WorkflowRequest } from "./request.ts";
import { pluginRule, RuleMarks } from "./rule_marks.ts";
import type { Step } from "../config/mod.ts";
import type {
  ActionSummary,
  CleanupSummary,
  DroppedMarks,
  StepsSummary,
  Trouble,
} from "./summary.ts";
import { taggingOf } from "./tagging.ts";

/** The steps behind the collection, and what they came to. */
export class StepRun {
  readonly #request: WorkflowRequest;
  readonly #ports: WorkflowPorts;
  readonly #actions: ActionSummary[] = [];
  readonly #dropped: DroppedMarks[] = [];
  readonly #troubles = new Set<Trouble>();
  /** Planning that failed: nothing is deleted by half a plan. */
  readonly #failed: string[] = [];
  #cleanup: CleanupSummary | undefined;

  constructor(request: WorkflowRequest, ports: WorkflowPorts) {
    this.#request = request;
    this.#ports = ports;
  }

  /** @throws StoreError; the signal's reason */
  async execute(store: Store): Promise<void> {
    await using tagging = taggingOf(store, this.#request, this.#ports);
    await this.#plan(store, tagging);
    if (this.#request.steps.includes("cleanup")) await this.#cleanUp(store);
  }

  interrupted(): void {
    this.#troubles.add("interrupted");
  }

  summary(): StepsSummary {
    return {
      steps: this.#request.steps,
      actions: this.#actions,
      dropped: this.#dropped,
      ...(this.#cleanup === undefined ? {} : { cleanup: this.#cleanup }),
      troubles: [...this.#troubles],
    };
  }

  async #plan(store: Store, tagging: TagTasks): Promise<void> {
    const marks = new RuleMarks(store, this.#request);
    try {
      for (const step of this.#request.steps) {
        if (step === "cleanup_plan") await this.#lookThrough(store);
        await this.#act(step, store, marks, tagging);
      }
    } finally {
      this.#dropped.push(...marks.end());
    }
  }

  /** Ends marks of queries that no longer find their nodes. */
  async #lookThrough(store: Store): Promise<void> {
    try {
      const dropped = await dropOldMarks(store, selectNodes, this.#request.signal);
      if (dropped.length > 0) this.#dropped.push({ rule: "queries", count: dropped.length });
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      this.#fail("a query that marks", error);
    }
  }

  async #act(step: Step, store: Store, marks: RuleMarks, tagging: TagTasks): Promise<void> {
    for (const order of this.#request.actions) {
      if (order.entry.manifest.action !== step) continue;
      this.#request.signal.throwIfAborted();
      const rule = pluginRule(order.entry.manifest.name);
      const core = embeddedCore(store, { rule, aside: marks.aside });
      const summary = await this.#actOne(order, core, tagging);
      this.#actions.push(summary);
      if (summary.status === "done") marks.answered(rule);
    }
  }

  async #actOne(
    { entry, options }: ActionOrder,
    core: Core,
    tasks: TagTasks,
  ): Promise<ActionSummary> {
    const { readText, now, log, signal, timeoutSeconds, changer } = this.#request;
    const { name, action, may } = entry.manifest;
    const dryRun = may.includes("tag") && !this.#mayWrite;
    const tag: TagPort = (node, change, signal) => tagNode({ core, tasks }, node, change, signal);
    const facts = { plugin: name, step: action, dryRun };
    try {
      const { decisions } = await runAction({
        entry,
        options,
        core,
        tag,
        task: {},
        dryRun,
        readText,
        now,
        fork: changer.fork,
        base: changer.base,
        timeouts: actionTimeouts(timeoutSeconds),
        log,
        signal,
      });
      return { ...facts, status: "done", decisions: groupDecisions(decisions) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CkError)) throw error;
      this.#fail(name, error);
      return { ...facts, status: "failed", error: toWire(error), decisions: [] };
    }
  }

  #fail(name: string, error: CkError): void {
    this.#troubles.add(error.code === "config.invalid" ? "usage" : "failed");
    this.#failed.push(name);
    this.#request.log.error("workflow.failed", `${name} failed: ${error.message}`);
  }

  async #cleanUp(store: Store): Promise<void> {
    const { signal, cleanup: { dryRun }, log } = this.#request;
    signal.throwIfAborted();
    if (this.#failed.length > 0) {
      const withheld = `${
        this.#failed.join(", ")
      } failed: what is marked may not be what should be`;
      log.error("workflow.cleanup.withheld", `Nothing is deleted: ${withheld}`);
      this.#cleanup = { dryRun, withheld, groups: [] };
      this.#troubles.add("cleanup");
      return;
    }
    this.#cleanup = await this.#ports.cleanUp(store, this.#request);
    if (this.#cleanup.groups.some(({ isWell }) => !isWell)) this.#troubles.add("cleanup");
    if (signal.aborted) this.#troubles.add("interrupted");
  }

  /** Nothing is written to a cloud without consent. */
  get #mayWrite(): boolean {
    const { allowed, dryRun } = this.#request.cleanup;
    return allowed && !dryRun;
  }
}
