import pMap from "p-map";
import type { CallFault } from "../client/call_fault.ts";
import { compileBatchInput, compileInput } from "./input.ts";
import { isRaw } from "./mapping.ts";
import { TAGS } from "./node_mapper.ts";
import { compileWalk, type Subject } from "./path.ts";
import type { Batch, Hook, NodeDeclaration, Operation, Optional, Raw, Tools } from "../resource.ts";
import type { ServiceName } from "../services.ts";

/** Structures worked on at once within a page; the requests in flight have a limit of their own. */
const AT_ONCE = 32;

/** A structure with everything that was put beside it. */
export interface Enriched {
  readonly subject: Subject;
  /** Attached values that could not be read. */
  readonly unknown: ReadonlySet<string>;
}

/** What an enricher asks of the listing that it works for. */
export interface EnrichContext {
  readonly service: ServiceName;
  readonly tools: Tools;
  /** Makes an operation, all pages, and returns its result. */
  call(operation: Operation, service: ServiceName, input: object): Promise<unknown>;
  /** Whether a fault has one of these codes. */
  isCode(error: unknown, codes: readonly string[]): error is CallFault;
  /** A describe failed: the structure is lost, so the list is not whole. */
  lost(error: unknown): void;
  /** An attached value could not be read. */
  unread(error: unknown): void;
}

/** Puts described and attached values beside the structures of a page. */
export class Enricher {
  readonly #describe: Step | undefined;
  readonly #steps: readonly Step[];
  readonly #hooks: readonly (readonly [string, Hook])[];
  readonly #missing: readonly string[];
  readonly #when: NodeDeclaration["when"];

  constructor(declaration: NodeDeclaration) {
    const { describe, tags } = declaration;
    this.#describe = describe === undefined ? undefined : compileStep("", describe);
    const attached = Object.entries(declaration.attach ?? {});
    this.#steps = [
      ...attached.flatMap(([name, given]) => isHook(given) ? [] : [compileStep(name, given)]),
      ...(typeof tags === "object" ? [compileStep(TAGS, tags)] : []),
    ];
    this.#hooks = attached.flatMap(([name, given]) =>
      isHook(given) ? [[name, given] as const] : []
    );
    this.#missing = declaration.missing ?? [];
    this.#when = declaration.when;
  }

  /** Returns the structures that are still there, in their order. */
  async enrich(
    subjects: readonly Subject[],
    context: EnrichContext,
  ): Promise<readonly Enriched[]> {
    const described = await this.#described(subjects, context);
    const { place } = context.tools;
    const wanted = this.#when === undefined
      ? described
      : described.filter(({ raw }) => this.#when?.(raw, place) === true);
    if (this.#steps.length === 0 && this.#hooks.length === 0) {
      return wanted.map((subject) => ({ subject, unknown: new Set() }));
    }
    const drafts = wanted.map((subject) => new Draft(subject, this.#missing));
    await Promise.all(
      this.#steps.map((step) =>
        isUnwanted(step.operation.option, context.tools)
          ? skip(drafts, step.name)
          : this.#attach(step, drafts, context)
      ),
    );
    const present = drafts.filter((draft) => !draft.gone);
    for (const [name, hook] of this.#hooks) {
      if (isUnwanted(hook.option, context.tools)) skip(present, name);
      else await runHook(name, hook, present, context);
    }
    return present.map((draft) => draft.done());
  }

  async #described(
    subjects: readonly Subject[],
    context: EnrichContext,
  ): Promise<readonly Subject[]> {
    const step = this.#describe;
    if (step === undefined) return subjects;
    const drafts = subjects.map((subject) => new Draft(subject, this.#missing));
    await this.#attach(step, drafts, context);
    return drafts.flatMap((draft) => draft.described());
  }

  async #attach(step: Step, drafts: readonly Draft[], context: EnrichContext): Promise<void> {
    const concerned = step.when === undefined
      ? drafts
      : drafts.filter(({ subject }) => step.when?.(subject.raw, context.tools.place) === true);
    if (step.batch === undefined) {
      await pMap(concerned, (draft) => attachOne(step, draft, context), { concurrency: AT_ONCE });
      return;
    }
    const { size } = step.batch;
    const chunks = Array.from(
      { length: Math.ceil(concerned.length / size) },
      (_, i) => concerned.slice(i * size, (i + 1) * size),
    );
    await pMap(chunks, (chunk) => attachBatch(step, chunk, context), { concurrency: AT_ONCE });
  }
}

/** One operation of an enricher, compiled. */
interface Step {
  /** Empty for the describe. */
  readonly name: string;
  readonly operation: Operation;
  readonly when: Operation["when"];
  readonly input: (subject: Subject) => object;
  readonly batch?: {
    readonly size: number;
    readonly key: (raw: unknown) => unknown;
    readonly match: (raw: unknown) => unknown;
    readonly pick: (raw: unknown) => unknown;
    readonly input: (keys: readonly unknown[]) => object;
  };
}

function compileStep(name: string, operation: Operation | Batch): Step {
  const step = { name, operation, when: operation.when, input: compileInput(operation.input) };
  if (!isBatch(operation)) return step;
  return {
    ...step,
    batch: {
      size: operation.size,
      key: compileWalk(operation.key),
      match: compileWalk(operation.match),
      pick: compileWalk(operation.pick ?? ""),
      input: compileBatchInput(operation.input),
    },
  };
}

/** A structure while values are put beside it. */
class Draft {
  subject: Subject;
  gone = false;
  #failed = false;
  readonly #missing: readonly string[];
  readonly #attached: Record<string, unknown> = {};
  readonly #unknown = new Set<string>();

  constructor(subject: Subject, missing: readonly string[]) {
    this.subject = subject;
    this.#missing = missing;
  }

  set(name: string, value: unknown): void {
    if (value !== undefined) this.#attached[name] = value;
  }

  unread(name: string): void {
    this.#unknown.add(name);
  }

  isGone(error: unknown, context: EnrichContext): boolean {
    return context.isCode(error, this.#missing);
  }

  /** Takes a failed call. */
  failed(step: Step, error: unknown, context: EnrichContext): void {
    if (context.isCode(error, step.operation.none ?? [])) return;
    if (this.isGone(error, context)) {
      this.gone = true;
      return;
    }
    if (step.name === "") {
      this.#failed = true;
      context.lost(error);
    } else {
      this.#unknown.add(step.name);
      context.unread(error);
    }
  }

  /** With what describe answered; nothing when it is gone or was not answered. */
  described(): readonly Subject[] {
    if (this.gone || this.#failed) return [];
    const answer = this.#attached[""];
    return isRaw(answer) ? [{ ...this.subject, raw: { ...this.subject.raw, ...answer } }] : [];
  }

  /** The structure so far, for hooks. */
  get raw(): Raw {
    return { ...this.subject.raw, ...this.#attached };
  }

  done(): Enriched {
    return { subject: { ...this.subject, raw: this.raw }, unknown: this.#unknown };
  }
}

async function attachOne(step: Step, draft: Draft, context: EnrichContext): Promise<void> {
  const { operation } = step;
  try {
    const service = operation.service ?? context.service;
    draft.set(step.name, await context.call(operation, service, step.input(draft.subject)));
  } catch (error) {
    draft.failed(step, error, context);
  }
}

async function attachBatch(
  step: Step,
  drafts: readonly Draft[],
  context: EnrichContext,
): Promise<void> {
  const { operation, batch } = step;
  if (batch === undefined) return;
  const keys = drafts.map((draft) => batch.key(draft.subject.raw));
  try {
    const service = operation.service ?? context.service;
    const results = await context.call(operation, service, batch.input(keys));
    const found = new Map(
      (Array.isArray(results) ? results : []).map((each) => [batch.match(each), batch.pick(each)]),
    );
    drafts.forEach((draft, i) => draft.set(step.name, found.get(keys[i])));
  } catch (error) {
    if (drafts.length > 1 && drafts.some((draft) => draft.isGone(error, context))) {
      // One that is gone meanwhile failed all of them, so each is asked for alone.
      for (const draft of drafts) await attachBatch(step, [draft], context);
    } else {
      for (const draft of drafts) draft.failed(step, error, context);
    }
  }
}

async function runHook(
  name: string,
  hook: Hook,
  drafts: readonly Draft[],
  context: EnrichContext,
): Promise<void> {
  try {
    const values = await hook.run(drafts.map((draft) => draft.raw), context.tools);
    drafts.forEach((draft, i) => {
      const value = values[i];
      if (!(value instanceof Error)) return draft.set(name, value);
      draft.unread(name);
      context.unread(value);
    });
  } catch (error) {
    context.unread(error);
    skip(drafts, name);
  }
}

function skip(drafts: readonly Draft[], name: string): void {
  for (const draft of drafts) draft.unread(name);
}

function isUnwanted(option: Optional | undefined, tools: Tools): boolean {
  return option !== undefined && !tools.wants(option);
}

function isHook(given: Operation | Batch | Hook): given is Hook {
  return "run" in given;
}

function isBatch(operation: Operation | Batch): operation is Batch {
  return "size" in operation;
}
