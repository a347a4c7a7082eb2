import { ChangeError, type ChangeNode, type Clock } from "ckworker";
import { verdictOf } from "../client/judge.ts";
import { readObject } from "../client/properties.ts";
import type { Session } from "../client/session.ts";
import type { ObjectContent, Reference } from "../client/values.ts";
import { LIST_CALL } from "../engine/run.ts";
import { INSTANCE_UUID } from "../resources/virtual_machine.ts";

/** What a change is made with. */
export interface Changing {
  readonly session: Session;
  readonly node: ChangeNode;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** The virtual machine of a node. */
export function machineOf({ node }: Changing): Reference {
  return { type: "VirtualMachine", id: node.id };
}

/**
 * Reads the machine of a node with these properties, and its uuid beside.
 * @returns undefined when it is gone, also when another machine has its id now
 * @throws CallFault when one of the properties cannot be read: nothing is done on a guess
 */
export async function readMachine(
  changing: Changing,
  paths: readonly string[],
): Promise<ObjectContent | undefined> {
  const { session, node, signal } = changing;
  signal.throwIfAborted();
  const machine = await readObject(session, machineOf(changing), [INSTANCE_UUID, ...paths]);
  if (machine === undefined) return undefined;
  const unread = machine.missing[0];
  if (unread !== undefined) throw session.faultOf(LIST_CALL, verdictOf(unread.fault));
  return isSame(machine, node) ? machine : undefined;
}

/** Whether a machine is the one that the node was; where the node does not know, its id decides. */
export function isSame({ values }: ObjectContent, { reported }: ChangeNode): boolean {
  const known = reported["vm_instance_uuid"];
  return typeof known !== "string" || known === "" || known === values.get(INSTANCE_UUID);
}

/** The error of a change that was not made. */
export function notDone({ node }: Changing, why: string, hint?: string): ChangeError {
  const { kind, id, name, account } = node;
  return new ChangeError("failed", `${kind} ${name} (${id}) was not changed: ${why}`, {
    context: { plugin: "vsphere", kind, account: account.id },
    ...(hint === undefined ? {} : { hint }),
  });
}
