import { createHash } from "node:crypto";
import type { KindIndex } from "../model/mod.ts";
import { canonical } from "./canonical.ts";
import type { Reported } from "./graph_reader.ts";

/** What a fingerprint is taken of. */
export interface Likeness {
  readonly kind: string;
  readonly name: string;
  readonly reported: Reported;
}

/** What a node turned out to be when its cloud was asked. */
export interface Sighting {
  /** Undefined when it could not be told. */
  readonly name: string | undefined;
  readonly reported: Reported;
  /** Properties that could not be told. */
  readonly unknown: readonly string[];
}

/** How far a difference is one. */
export interface Comparison {
  /** This clean-up has prepared the node, or deleted what uses it. */
  readonly touched: boolean;
  /** Properties that the earlier state does not have say nothing: it is another program's. */
  readonly onlyKnown?: boolean;
  /** From {@link CleanupRules}. */
  readonly loose: Readonly<Record<string, readonly unknown[]>>;
}

/** Hash over a node's name and properties, those left out that change by themselves. */
export function fingerprintOf(kinds: KindIndex, node: Likeness): string {
  const volatile = volatileOf(kinds, node.kind);
  const lasting = Object.entries(node.reported).filter(([name]) => !volatile.has(name));
  const text = canonical([node.kind, node.name, Object.fromEntries(lasting)]);
  return createHash("sha256").update(text).digest("hex");
}

/** Properties by which a node differs from what it was, sorted; `name` stands for its name. */
export function differences(
  kinds: KindIndex,
  before: Likeness,
  now: Sighting,
  { touched, onlyKnown = false, loose }: Comparison,
): readonly string[] {
  const ignored = new Set([...volatileOf(kinds, before.kind), ...now.unknown]);
  const names = new Set([
    ...Object.keys(before.reported),
    ...(onlyKnown ? [] : Object.keys(now.reported)),
  ]);
  const differing = [...names].filter((name) => {
    if (ignored.has(name)) return false;
    const [was, is] = [before.reported[name], now.reported[name]];
    if (canonical(was ?? null) === canonical(is ?? null)) return false;
    const allowed = Object.hasOwn(loose, name) ? loose[name] : undefined;
    return !(touched && allowed !== undefined && isReduced(was, is, allowed));
  });
  const isRenamed = now.name !== undefined && now.name !== before.name && !ignored.has("name");
  return (isRenamed ? ["name", ...differing] : differing).sort();
}

/** Whether a value lost something and gained nothing, or is one of those that may come. */
function isReduced(was: unknown, is: unknown, allowed: readonly unknown[]): boolean {
  if (is === undefined || is === null || is === "" || allowed.includes(is)) return true;
  if (Array.isArray(is)) {
    return Array.isArray(was) &&
      is.every((each) => was.some((before) => isReduced(before, each, allowed)));
  }
  if (typeof is !== "object") return is === was;
  return Object.entries(is).every(([name, value]) =>
    typeof was === "object" && was !== null && Object.hasOwn(was, name) &&
    isReduced(Reflect.get(was, name), value, allowed)
  );
}

function volatileOf(kinds: KindIndex, kind: string): ReadonlySet<string> {
  if (kinds.get(kind) === undefined) return new Set();
  const names = kinds.properties(kind)
    .filter(({ volatile, synthetic }) => volatile === true || synthetic !== undefined);
  return new Set(names.map(({ name }) => name));
}
