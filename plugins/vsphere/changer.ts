import {
  type ChangeContext,
  ChangeError,
  type ChangeNode,
  type Changer,
  type ChangeResult,
  type Machine,
  type NodeChange,
} from "ckworker";
import { deleteMachine } from "./changes/delete_machine.ts";
import { deleteSnapshot } from "./changes/delete_snapshot.ts";
import type { Changing } from "./changes/changing.ts";
import { readNode } from "./changes/read_node.ts";
import { changeTag } from "./changes/tags.ts";
import { connect } from "./connect.ts";
import type { VsphereOptions } from "./options.ts";
import { resources } from "./resources/mod.ts";

/** Changes nodes, each found by the id of its managed object and by nothing else. */
export async function createChanger(
  context: ChangeContext<VsphereOptions>,
  machine: Machine,
): Promise<Changer> {
  const { session, host, pool } = connect(context, machine);
  try {
    await session.open();
  } catch (error) {
    pool[Symbol.dispose]();
    throw error;
  }
  return {
    async change(node, change, signal) {
      refuse(node, change, host);
      const own = AbortSignal.any([signal, context.signal]);
      try {
        return await make({ session, node, signal: own, clock: machine.clock }, change);
      } finally {
        session.tell();
      }
    },
    async close() {
      await session.close();
      pool[Symbol.dispose]();
    },
  };
}

function make(changing: Changing, change: NodeChange): Promise<ChangeResult> {
  const { kind } = changing.node;
  switch (change.type) {
    case "read":
      return readNode(changing);
    case "setTag":
      return changeTag(changing, change.key, change.value);
    case "removeTag":
      return changeTag(changing, change.key, undefined);
    case "delete":
      return kind === "vsphere_snapshot" ? deleteSnapshot(changing) : deleteMachine(changing);
    case "prepare":
      throw new ChangeError("unsupported", `${kind} has no change prepare`);
  }
}

/** What is never tried, and what lies in another server than the one that there are credentials for. */
function refuse({ kind, account }: ChangeNode, { type }: NodeChange, host: string): void {
  const changes = resources.find((resource) => resource.kind === kind)?.changes ?? [];
  if (!changes.includes(type)) {
    throw new ChangeError("unsupported", `${kind} has no change ${type}`);
  }
  if (account.id === host) return;
  throw new ChangeError("failed", `the vCenter ${account.id} is not the one of --vsphere-host`, {
    context: { plugin: "vsphere", kind, account: account.id },
    hint: `Give --vsphere-host ${account.id}, and user and password of it`,
  });
}
