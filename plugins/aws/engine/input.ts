import { compilePath, isPresent, type Subject } from "./path.ts";
import type { Input } from "../resource.ts";

const KEYS = "$keys";

/** Turns the input of a declaration into a function that fills it in for a structure. */
export function compileInput(input: Input | undefined): (subject: Subject) => object {
  if (input === undefined) return () => ({});
  if (!refers(input)) return () => ({ ...input });
  const fill = compile(input);
  return (subject) => {
    const filled = fill(subject, []);
    return typeof filled === "object" && filled !== null ? filled : {};
  };
}

/** The same for a batch: `$keys` is replaced by the keys of its structures. */
export function compileBatchInput(input: Input | undefined): (keys: readonly unknown[]) => object {
  const fill = compile(input ?? {});
  return (keys) => {
    const filled = fill({ raw: {}, key: undefined }, keys);
    return typeof filled === "object" && filled !== null ? filled : {};
  };
}

/** Whether something in it has to be filled in. */
function refers(part: unknown): boolean {
  if (typeof part === "string") return part.startsWith("$");
  return typeof part === "object" && part !== null && Object.values(part).some(refers);
}

type Fill = (subject: Subject, keys: readonly unknown[]) => unknown;

function compile(part: unknown): Fill {
  if (part === KEYS) return (_, keys) => keys;
  if (typeof part === "string" && part.startsWith("$")) {
    const read = compilePath(part.startsWith("$.") ? part.slice(2) : part);
    return (subject) => read(subject);
  }
  if (Array.isArray(part)) {
    const fills = part.map(compile);
    return (subject, keys) => fills.map((fill) => fill(subject, keys)).filter(isPresent);
  }
  if (typeof part === "object" && part !== null) {
    const fills = Object.entries(part).map(([name, inner]) => [name, compile(inner)] as const);
    return (subject, keys) =>
      Object.fromEntries(fills.map(([name, fill]) => [name, fill(subject, keys)]));
  }
  return () => part;
}
