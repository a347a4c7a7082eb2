import type { Raw } from "../raw.ts";

/**
 * Every value at a path of member names joined by dots; `[]` goes through a list. What is not there,
 * or not of that form, yields nothing.
 */
export function walk(value: unknown, path: string): readonly unknown[] {
  let found: readonly unknown[] = [value];
  for (const step of path.split(".")) {
    const isList = step.endsWith("[]");
    const name = isList ? step.slice(0, -2) : step;
    const members = found.map((each) => member(each, name));
    found = isList ? members.flatMap((each) => Array.isArray(each) ? each : []) : members;
  }
  return found.filter((each) => each !== undefined && each !== null);
}

/** The value at a path; undefined where there is none. */
export function at(value: unknown, path: string): unknown {
  return walk(value, path)[0];
}

/** All texts at a path that are not empty. */
export function texts(value: unknown, path: string): readonly string[] {
  return walk(value, path).filter((each) => typeof each === "string" && each !== "").map(String);
}

/** The text at a path; undefined where there is none or an empty one. */
export function text(value: unknown, path: string): string | undefined {
  return texts(value, path)[0];
}

/** The list at a path; empty where there is none. */
export function list(value: unknown, path: string): readonly unknown[] {
  const found = at(value, path);
  return Array.isArray(found) ? found : [];
}

/** The objects of the list at a path. */
export function records(value: unknown, path: string): readonly Raw[] {
  return list(value, path).filter(isRaw);
}

/** Whether a value has members. */
export function isRaw(value: unknown): value is Raw {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function member(value: unknown, name: string): unknown {
  return isRaw(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
