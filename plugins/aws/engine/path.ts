import type { Compute, Path, Place, Raw, Value } from "../resource.ts";

/** A structure with what paths may refer to beside its members. */
export interface Subject {
  readonly raw: Raw;
  /** The listed value: a name, an address, or the structure itself. */
  readonly key: unknown;
  readonly parent?: Raw;
}

/** Reads one value; lists are spread where the path says so. */
export type Read = (subject: Subject) => unknown;

/** What declared values of a node need beside its structure. */
export interface Identity {
  readonly id: string;
  readonly name: string;
}

const KEY = "$key";
const PARENT = "$parent.";
const SPREAD = "[]";

/** Turns a path into a function. */
export function compilePath(path: Path): Read {
  if (path === KEY) return (subject) => subject.key;
  if (path.startsWith(PARENT)) {
    const walk = compileWalk(path.slice(PARENT.length));
    return (subject) => subject.parent === undefined ? undefined : walk(subject.parent);
  }
  const walk = compileWalk(path);
  return (subject) => walk(subject.raw);
}

/** Turns a value of a declaration into a function. */
export function compileValue(value: Value): (subject: Subject, place: Place) => unknown {
  if (typeof value === "function") return (subject, place) => value(subject.raw, place);
  if (typeof value === "string") return compilePath(value);
  const reads = value.map(compilePath);
  return (subject) => {
    for (const read of reads) {
      const found = read(subject);
      if (isPresent(found)) return found;
    }
    return undefined;
  };
}

/** Walks from a structure inwards; `[]` after a member spreads its list. */
export function compileWalk(path: Path): (raw: unknown) => unknown {
  if (path === "") return (raw) => raw;
  const steps = path.split(".");
  if (steps.length === 1 && !path.endsWith(SPREAD)) return (raw) => member(raw, path);
  if (!path.includes(SPREAD)) return (raw) => steps.reduce(member, raw);
  return (raw) => spread([raw], steps);
}

/** Member of a structure; undefined when there is neither. */
export function member(raw: unknown, name: string): unknown {
  return typeof raw === "object" && raw !== null ? Reflect.get(raw, name) : undefined;
}

/** First steps of the paths of a value, or undefined when a function may read anything. */
export function rootsOf(value: Value): readonly string[] | undefined {
  if (typeof value === "function") return undefined;
  const paths = typeof value === "string" ? [value] : value;
  return paths.filter((path) => !path.startsWith("$")).map((path) =>
    (path.split(".")[0] ?? "").replace(SPREAD, "")
  );
}

/** Whether a value says something: not null, not undefined, not an empty text. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** Text values of a declared value that may be one or many. */
export function texts(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(texts);
  if (typeof value === "string") return value === "" ? [] : [value];
  return typeof value === "number" ? [String(value)] : [];
}

/** Text of a member deep inside a structure, for hooks; undefined when there is none. */
export function text(raw: unknown, path: Path): string | undefined {
  return texts(compileWalk(path)(raw))[0];
}

/** List of a member deep inside a structure, for hooks; empty when there is none. */
export function list(raw: unknown, path: Path): readonly unknown[] {
  const found = compileWalk(path)(raw);
  return Array.isArray(found) ? found : [];
}

/** Number of a member deep inside a structure, for hooks; undefined when there is none. */
export function number(raw: unknown, path: Path): number | undefined {
  const found = compileWalk(path)(raw);
  const value = typeof found === "string" && found !== "" ? Number(found) : found;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** Last part of an address or ARN after `/` or `:`. */
export function lastSegment(path: Path): Compute {
  const walk = compileWalk(path);
  return (raw) => texts(walk(raw))[0]?.split(/[/:]/).at(-1);
}

function spread(starts: readonly unknown[], steps: readonly string[]): unknown[] {
  let found = starts;
  for (const step of steps) {
    const many = step.endsWith(SPREAD);
    const name = many ? step.slice(0, -SPREAD.length) : step;
    found = found.flatMap((raw) => {
      const value = name === "" ? raw : member(raw, name);
      if (value === undefined || value === null) return [];
      return many ? (Array.isArray(value) ? value : []) : [value];
    });
  }
  return [...found];
}
