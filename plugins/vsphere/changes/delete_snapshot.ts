import type { ChangeResult } from "ckworker";
import { isNotFound, readObject } from "../client/properties.ts";
import { elements } from "../client/soap.ts";
import { runTask } from "../client/tasks.ts";
import { isReference, type ObjectContent } from "../client/values.ts";
import { snapshotsOf } from "../engine/snapshots.ts";
import { SNAPSHOTS } from "../resources/snapshot.ts";
import { verdictOf } from "../client/judge.ts";
import { LIST_CALL } from "../engine/run.ts";
import { type Changing, notDone } from "./changing.ts";

/** Removes a snapshot; those that were taken after it stay, and so does what the machine is now. */
export async function deleteSnapshot(changing: Changing): Promise<ChangeResult> {
  const { session, node } = changing;
  if (await findSnapshot(changing) === undefined) return { outcome: "gone" };
  const parameters = elements(["removeChildren", false], ["consolidate", true]);
  const target = { type: "VirtualMachineSnapshot", id: node.id };
  try {
    await runTask(session, "RemoveSnapshot_Task", target, changing, parameters);
  } catch (error) {
    if (isNotFound(error) || await findSnapshot(changing) === undefined) return { outcome: "done" };
    throw error;
  }
  if (await findSnapshot(changing) === undefined) return { outcome: "done" };
  throw notDone(changing, "the server tells that it is removed, and still has it");
}

/**
 * The snapshot of a node as its machine tells it; undefined when it is gone, also when another one
 * has its id now.
 * @throws CallFault when that cannot be read
 */
export async function findSnapshot(changing: Changing): Promise<ObjectContent | undefined> {
  const { session, node, signal } = changing;
  signal.throwIfAborted();
  const target = { type: "VirtualMachineSnapshot", id: node.id };
  const found = await readObject(session, target, ["vm"]);
  const vm = found?.values.get("vm");
  if (found === undefined) return undefined;
  const machine = isReference(vm) ? await readObject(session, vm, [SNAPSHOTS]) : undefined;
  const unread = found.missing[0] ?? machine?.missing[0];
  if (unread !== undefined) throw session.faultOf(LIST_CALL, verdictOf(unread.fault));
  if (!isReference(vm)) throw notDone(changing, "the server does not tell whose it is");
  const snapshot = machine === undefined
    ? undefined
    : snapshotsOf(machine).find((each) => each?.id === node.id);
  return snapshot === undefined || !isSame(snapshot, node.reported) ? undefined : snapshot;
}

/** By machine and time, as far as the node knows them. */
function isSame(
  { values }: ObjectContent,
  { snapshot_vm: vm, ctime }: Readonly<Record<string, unknown>>,
): boolean {
  const now = values.get("vm");
  const time = Date.parse(String(values.get("createTime")));
  const isOfMachine = typeof vm !== "string" || !isReference(now) || now.id === vm;
  const known = typeof ctime === "string" ? Date.parse(ctime) : NaN;
  // A node's time has no fractions of a second.
  const isOfTime = Number.isNaN(known) || Math.floor(time / 1_000) === Math.floor(known / 1_000);
  return isOfMachine && isOfTime;
}
