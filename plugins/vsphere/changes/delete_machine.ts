import { CallFault, type ChangeResult } from "ckworker";
import { isNotFound } from "../client/properties.ts";
import { runTask } from "../client/tasks.ts";
import type { ObjectContent } from "../client/values.ts";
import { MANAGED_BY, POWER_STATE, TEMPLATE } from "../resources/virtual_machine.ts";
import { type Changing, machineOf, notDone, readMachine } from "./changing.ts";

const DISABLED = "disabledMethod";
const DESTROY = "Destroy_Task";

/**
 * Destroys a virtual machine with its disks: reads it, switches it off, reads it again, destroys it,
 * and waits. What became a template, or belongs to another product, is left alone.
 */
export async function deleteMachine(changing: Changing): Promise<ChangeResult> {
  const machine = await look(changing);
  if (machine === undefined) return { outcome: "gone" };
  if (machine.values.get(POWER_STATE) === "poweredOn") {
    await switchOff(changing);
    if (await look(changing) === undefined) return { outcome: "gone" };
  }
  try {
    await runTask(changing.session, DESTROY, machineOf(changing), changing);
  } catch (error) {
    // An answer may have been lost, and the task of the first try been faster.
    if (isNotFound(error)) return { outcome: "done" };
    if (error instanceof CallFault && await isGone(changing)) return { outcome: "done" };
    throw error;
  }
  if (await isGone(changing)) return { outcome: "done" };
  throw notDone(changing, "the server tells that it is destroyed, and still has it");
}

async function isGone(changing: Changing): Promise<boolean> {
  return await readMachine(changing, []) === undefined;
}

/** The machine as it is, if it may be destroyed; undefined when it is gone. */
async function look(changing: Changing): Promise<ObjectContent | undefined> {
  const paths = [TEMPLATE, MANAGED_BY, POWER_STATE, DISABLED];
  const machine = await readMachine(changing, paths);
  if (machine === undefined) return undefined;
  const { values } = machine;
  if (values.get(TEMPLATE) === true) throw notDone(changing, "it is a template now");
  if (values.get(TEMPLATE) !== false) {
    throw notDone(changing, "the server does not tell whether it is a template");
  }
  const owner = values.get(MANAGED_BY);
  if (typeof owner === "string" && owner !== "") {
    throw notDone(changing, `it is managed by ${owner}`, "Delete it there");
  }
  // While a machine runs it cannot be destroyed anyway, so the list says nothing about it.
  const disabled = values.get(DISABLED);
  const isOff = values.get(POWER_STATE) === "poweredOff";
  if (isOff && Array.isArray(disabled) && disabled.includes(DESTROY)) {
    throw notDone(changing, "its deletion is disabled at the server");
  }
  return machine;
}

async function switchOff(changing: Changing): Promise<void> {
  try {
    await runTask(changing.session, "PowerOffVM_Task", machineOf(changing), changing);
  } catch (error) {
    // It may have been switched off meanwhile, or be gone; the next look tells.
    const isOver = error instanceof CallFault && error.verdict.code === "InvalidPowerState";
    if (!isOver && !isNotFound(error)) throw error;
  }
}
