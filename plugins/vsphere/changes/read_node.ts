import type { ChangeResult } from "ckworker";
import { readObject } from "../client/properties.ts";
import type { ObjectContent } from "../client/values.ts";
import { makeMappers, queryOf } from "../engine/run.ts";
import { resources } from "../resources/mod.ts";
import { INSTANCE_UUID, TEMPLATE } from "../resources/virtual_machine.ts";
import { type Changing, isSame, machineOf, notDone } from "./changing.ts";
import { findSnapshot } from "./delete_snapshot.ts";

/** Tells what a node is at this moment, as a collect would. */
export async function readNode(changing: Changing): Promise<ChangeResult> {
  const { session, node, signal } = changing;
  const found = node.kind === "vsphere_snapshot"
    ? await findSnapshot(changing)
    : await findMachine(changing);
  if (found === undefined) return { outcome: "gone" };
  const { mappers } = await makeMappers(session, signal);
  const mapper = mappers.get(node.kind);
  const mapped = mapper?.map(found);
  if (mapper === undefined || mapped === undefined) throw notDone(changing, "it cannot be read");
  const { name, reported, protected: isProtected } = mapped.node;
  // What a machine turned into is not what the node was, and must not go in its place.
  const isOther = node.kind === "vsphere_instance" && found.values.get(TEMPLATE) !== false;
  const read = {
    ...(typeof name === "string" ? { name } : {}),
    reported,
    unknown: [...new Set([...mapper.unknown(found), ...mapped.misfits])],
    ...(isProtected === true || isOther ? { protected: true } : {}),
  };
  return { outcome: "done", read };
}

async function findMachine(changing: Changing): Promise<ObjectContent | undefined> {
  const { session, node } = changing;
  const listing = resources.find(({ kind }) => kind === "vsphere_instance");
  if (listing === undefined) throw notDone(changing, "it cannot be read");
  const { paths } = queryOf(listing, session);
  const machine = await readObject(session, machineOf(changing), paths);
  if (machine === undefined) return undefined;
  const isUnknown = machine.missing.some(({ path }) => path === INSTANCE_UUID);
  return isUnknown || isSame(machine, node) ? machine : undefined;
}
