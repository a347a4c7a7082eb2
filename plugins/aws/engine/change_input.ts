import { ChangeError, type ChangeNode } from "ckworker";
import { compileWalk, isPresent } from "./path.ts";
import type { Input, Path } from "../resource.ts";

/** Everything that the data of a change may refer to. */
export interface ChangeSubject {
  readonly node: ChangeNode;
  /** The tag that is set (with a value) or removed (without). */
  readonly tag: { readonly key: string; readonly value?: string } | undefined;
  /** All tags of the node as they shall be. */
  readonly tags: Readonly<Record<string, string>>;
  /** The tag is already as it shall be. */
  readonly unchanged: boolean;
  /** One of the structures that the change is made for. */
  readonly each?: unknown;
  /** What the change itself answered. */
  readonly answer?: unknown;
}

const EACH = /^\$each(\.|$)/;
const WITHIN = /\{(\$[\w.]+)\}/g;
/** Tags of the cloud itself, which nobody else can set. */
const SYSTEM_TAG = "aws:";

/**
 * Fills the input of a change in.
 * @param group structures that share the call: a list of one value that refers to one of them becomes
 *   a list with one for each
 * @throws ChangeError when the node lacks what the input refers to: without it, a call might concern
 *   something else
 */
export function fillChange(
  input: Input,
  subject: ChangeSubject,
  group?: readonly unknown[],
): object {
  const filled = fill(input, subject, group);
  return typeof filled === "object" && filled !== null ? filled : {};
}

/** Whether a change is made for this subject. */
export function isWanted(
  { when = [], unless = [] }: {
    readonly when?: readonly Path[];
    readonly unless?: readonly Path[];
  },
  subject: ChangeSubject,
): boolean {
  const gives = (path: Path) => isSomething(resolve(path, subject));
  return when.every(gives) && !unless.some(gives);
}

function fill(part: unknown, subject: ChangeSubject, group?: readonly unknown[]): unknown {
  if (typeof part === "string") return fillText(part, subject);
  if (Array.isArray(part)) {
    const [first] = part;
    if (group !== undefined && part.length === 1 && refersToEach(first)) {
      return group.map((each) => fill(first, { ...subject, each }));
    }
    return part.map((inner) => fill(inner, subject, group));
  }
  if (typeof part !== "object" || part === null) return part;
  return Object.fromEntries(
    Object.entries(part).map(([key, inner]) => [
      String(fillText(key, subject)),
      fill(inner, subject, group),
    ]),
  );
}

function fillText(text: string, subject: ChangeSubject): unknown {
  if (text.startsWith("$")) return required(text, subject);
  return text.replace(WITHIN, (_, reference: string) => String(required(reference, subject)));
}

/** A tag may be empty; nothing else may. */
function required(reference: string, subject: ChangeSubject): unknown {
  const value = resolve(reference, subject);
  const { node } = subject;
  if (value !== undefined && (reference.startsWith("$tag") || isPresent(value))) return value;
  const what = reference.replace(/^\$\.?/, "");
  throw new ChangeError("failed", `${node.kind} ${node.id} cannot be changed: it has no ${what}`, {
    context: { plugin: "aws", kind: node.kind },
    hint: "Collect it again.",
  });
}

function resolve(reference: string, subject: ChangeSubject): unknown {
  const { node, tag } = subject;
  switch (reference) {
    case "$id":
      return node.id;
    case "$name":
      return node.name;
    case "$arn":
      return node.reported["arn"];
    case "$tag.key":
      return tag?.key;
    case "$tag.value":
      return tag?.value;
    case "$tag.unchanged":
      return subject.unchanged;
    case "$tags":
      return toList(subject.tags);
  }
  const [root = "", ...steps] = reference.split(".");
  const walk = compileWalk(steps.join("."));
  if (root === "$each") return walk(subject.each);
  if (root === "$answer") return walk(subject.answer);
  if (root === "$") return walk(node.reported);
  throw new Error(`The data of a change refers to ${reference}, which is not known`);
}

function toList(tags: ChangeSubject["tags"]): readonly object[] {
  return Object.entries(tags).filter(([key]) => !key.startsWith(SYSTEM_TAG))
    .map(([Key, Value]) => ({ Key, Value }));
}

function isSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0;
  return isPresent(value) && value !== false;
}

function refersToEach(part: unknown): boolean {
  if (typeof part === "string") return EACH.test(part);
  return typeof part === "object" && part !== null && Object.values(part).some(refersToEach);
}
