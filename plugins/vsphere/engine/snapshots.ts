import { isRecord } from "ckworker";
import { isReference, listOf, type ObjectContent, type Reference } from "../client/values.ts";
import { SNAPSHOTS } from "../resources/snapshot.ts";

/** Snapshots that one machine may have; vSphere allows 496. */
const MOST = 10_000;

/**
 * Snapshots of a machine, each as an object of its own. What is no snapshot is undefined.
 * @param machine with its tree of snapshots, if it has one
 */
export function snapshotsOf(machine: ObjectContent): readonly (ObjectContent | undefined)[] {
  const found: (ObjectContent | undefined)[] = [];
  const waiting = listOf(machine.values.get(SNAPSHOTS)).map((tree) => ({ tree, parent: "" }));
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.length >= MOST) return [...found, undefined];
    const object = toSnapshot(next.tree, next.parent, { type: "VirtualMachine", id: machine.id });
    found.push(object);
    if (object === undefined || !isRecord(next.tree)) continue;
    for (const tree of listOf(next.tree["childSnapshotList"])) {
      waiting.push({ tree, parent: object.id });
    }
  }
  return found;
}

function toSnapshot(tree: unknown, parent: string, vm: Reference): ObjectContent | undefined {
  const { snapshot, name, description, createTime, id, state, quiesced } = isRecord(tree)
    ? tree
    : {};
  if (!isReference(snapshot)) return undefined;
  const values = new Map<string, unknown>([
    ["name", name],
    ["description", description],
    ["createTime", createTime],
    ["number", id],
    ["state", state],
    ["quiesced", quiesced === undefined ? undefined : quiesced === "true" || quiesced === true],
    ["vm", vm],
    ["parent", parent === "" ? undefined : parent],
  ]);
  return { ...snapshot, values, missing: [] };
}
