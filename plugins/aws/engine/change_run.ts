import { ChangeError, type ChangeNode, type ChangeResult, type NodeChange } from "ckworker";
import type { Clock } from "ckworker";
import type { Connection } from "../client/connection.ts";
import { type Caller, isCode } from "./caller.ts";
import { type ChangeSubject, fillChange, isWanted } from "./change_input.ts";
import { compileWalk, text, texts } from "./path.ts";
import type { Change, NodeDeclaration, Operation, Wait } from "../resource.ts";
import type { ServiceName } from "../services.ts";
import { toTags } from "./tags.ts";

/** A change that declarations know. */
type Mutation = Exclude<NodeChange, { readonly type: "read" }>;

/** What one change of one node is made with. */
export interface ChangeParts {
  readonly declaration: NodeDeclaration;
  readonly service: ServiceName;
  readonly caller: Caller;
  /** To the account and region of the node; its calls end with the signal. */
  readonly connection: Connection;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Carries out what a kind declares for a change: its operations in order, each once or for every
 * structure that it names, with what it waits for before and after.
 *
 * A code of the kind's `missing` means that the node is gone; from a call for one of several
 * structures it means that this one is, and the others follow.
 * @throws ChangeError when the kind declares no such change, or the cloud did not do it
 * @throws CallFault when a call failed for good
 */
export async function runChange(
  node: ChangeNode,
  change: Mutation,
  parts: ChangeParts,
): Promise<ChangeResult> {
  const changes = parts.declaration.change?.[change.type] ?? [];
  if (changes.length === 0) {
    throw new ChangeError("unsupported", `${node.kind} has no change ${change.type}`, {
      context: { plugin: "aws", kind: node.kind },
    });
  }
  const run = new ChangeRun(node, change, parts);
  try {
    for (const each of changes) await run.make(each);
  } catch (error) {
    if (isCode(error, parts.declaration.missing ?? [])) return { outcome: "gone" };
    throw error;
  }
  const { tags } = run;
  return { outcome: "done", ...(tags === undefined ? {} : { tags }) };
}

class ChangeRun {
  readonly #node: ChangeNode;
  readonly #tag: ChangeSubject["tag"];
  readonly #parts: ChangeParts;
  /** The node's tags as they shall be; as reported, until they were read. */
  #tags: Readonly<Record<string, string>>;

  constructor(node: ChangeNode, change: Mutation, parts: ChangeParts) {
    this.#node = node;
    this.#parts = parts;
    this.#tag = change.type === "setTag" || change.type === "removeTag" ? change : undefined;
    this.#tags = changed(toTags(node.reported["tags"]), this.#tag);
  }

  /** All tags after a change of tags. */
  get tags(): Readonly<Record<string, string>> | undefined {
    return this.#tag === undefined ? undefined : this.#tags;
  }

  async make(change: Change): Promise<void> {
    const service = change.service ?? this.#parts.service;
    const before = this.#subject(toTags(this.#node.reported["tags"]));
    if (change.ready !== undefined) await this.#waitFor(change.ready, service, before);
    const subject = change.tags === undefined
      ? before
      : this.#subject(toTags(await this.#call(change.tags, service, before)));
    this.#tags = subject.tags;
    if (change.each === undefined) {
      if (isWanted(change, subject)) await this.#send(change, service, subject);
      return;
    }
    const answered = await this.#call(change.each, service, subject);
    const found = Array.isArray(answered) ? answered : [answered];
    if (change.together !== undefined) return await this.#sendTogether(change, found, subject);
    for (const each of found) await this.#sendFor(change, service, { ...subject, each });
  }

  /** Structures that do not pass are left out; without any the call is made once, if that passes. */
  async #sendTogether(
    change: Change,
    found: readonly unknown[],
    subject: ChangeSubject,
  ): Promise<void> {
    const service = change.service ?? this.#parts.service;
    const size = change.together ?? found.length;
    if (found.length === 0) {
      if (isWanted(change, subject)) await this.#send(change, service, subject, []);
      return;
    }
    const wanted = found.filter((each) => isWanted(change, { ...subject, each }));
    for (let start = 0; start < wanted.length; start += size) {
      await this.#send(change, service, subject, wanted.slice(start, start + size));
    }
  }

  async #sendFor(change: Change, service: ServiceName, subject: ChangeSubject): Promise<void> {
    if (!isWanted(change, subject)) return;
    try {
      await this.#send(change, service, subject);
    } catch (error) {
      if (!isCode(error, this.#parts.declaration.missing ?? [])) throw error;
    }
  }

  async #send(
    change: Change,
    service: ServiceName,
    subject: ChangeSubject,
    group?: readonly unknown[],
  ): Promise<void> {
    const input = fillChange(change.input, subject, group);
    const answer = await this.#parts.connection.send(service, change.operation, input);
    if (change.undone !== undefined) this.#refuseUndone(change, service, answer);
    if (change.wait !== undefined) {
      await this.#waitFor(change.wait, service, { ...subject, answer });
    }
  }

  #refuseUndone(change: Change, service: ServiceName, answer: unknown): void {
    const undone = compileWalk(change.undone ?? "")(answer);
    const [first] = Array.isArray(undone) ? undone : [];
    if (first === undefined) return;
    const code = text(first, "Code") ?? text(first, "Error.Code") ?? "unknown error";
    const message = text(first, "Message") ?? text(first, "Error.Message") ?? "";
    throw this.#failed(`${service}:${change.operation} left something undone: ${code} ${message}`);
  }

  async #waitFor(wait: Wait, service: ServiceName, subject: ChangeSubject): Promise<void> {
    const { clock, signal } = this.#parts;
    const deadline = clock.now() + wait.limit * 1_000;
    for (;;) {
      const values = texts(await this.#call(wait.operation, service, subject));
      const failed = values.find((value) => wait.never?.includes(value));
      if (failed !== undefined) throw this.#failed(`it became ${failed}`);
      if (values.length > 0 && values.every((value) => wait.until.includes(value))) return;
      if (clock.now() + wait.every * 1_000 > deadline) {
        throw this.#failed(`it was still ${values.join(", ")} after ${wait.limit} s`);
      }
      await clock.sleep(wait.every * 1_000, signal);
    }
  }

  async #call(
    operation: Operation,
    service: ServiceName,
    subject: ChangeSubject,
  ): Promise<unknown> {
    const { caller, connection } = this.#parts;
    const input = fillChange(operation.input ?? {}, subject);
    return await caller.call(connection, operation, operation.service ?? service, input);
  }

  #subject(current: Readonly<Record<string, string>>): ChangeSubject {
    const tag = this.#tag;
    const value = tag !== undefined && Object.hasOwn(current, tag.key)
      ? current[tag.key]
      : undefined;
    return {
      node: this.#node,
      tag,
      tags: changed(current, tag),
      unchanged: tag !== undefined && value === tag.value,
    };
  }

  #failed(why: string): ChangeError {
    const { kind, id, account, region } = this.#node;
    return new ChangeError("failed", `${kind} ${id} was not changed: ${why.trim()}`, {
      context: { plugin: "aws", kind, account: account.id, region: region?.id ?? "" },
    });
  }
}

function changed(
  tags: Readonly<Record<string, string>>,
  tag: ChangeSubject["tag"],
): Readonly<Record<string, string>> {
  if (tag === undefined) return tags;
  const others = Object.entries(tags).filter(([key]) => key !== tag.key);
  const own = tag.value === undefined ? [] : [[tag.key, tag.value] as const];
  return Object.fromEntries([...others, ...own]);
}
