import { isRecord, type RawRecord } from "../rest/record_mapper.ts";

/**
 * Every value at a path of member names joined by dots; `[]` goes through a list. What is not there,
 * or not of that form, yields nothing.
 */
export function walkPath(value: unknown, path: string): readonly unknown[] {
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
export function valueAt(value: unknown, path: string): unknown {
  return walkPath(value, path)[0];
}

/** All texts at a path that are not empty. */
export function textsAt(value: unknown, path: string): readonly string[] {
  return walkPath(value, path).filter((each) => typeof each === "string" && each !== "")
    .map(String);
}

/** The text at a path; undefined where there is none or an empty one. */
export function textAt(value: unknown, path: string): string | undefined {
  return textsAt(value, path)[0];
}

/** The list at a path; empty where there is none. */
export function listAt(value: unknown, path: string): readonly unknown[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found : [];
}

/** The objects of the list at a path. */
export function recordsAt(value: unknown, path: string): readonly RawRecord[] {
  return listAt(value, path).filter(isRecord);
}

function member(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
