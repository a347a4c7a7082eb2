import { CallFault, ChangeError, type ChangeResult } from "ckworker";
import type { Session } from "../client/session.ts";
import { elements } from "../client/soap.ts";
import { type CustomField, readCustomFields, toTags } from "../engine/custom_fields.ts";
import { type Changing, machineOf, notDone, readMachine } from "./changing.ts";

const VALUES = "customValue";
/** Type that new attributes are made for. */
const MACHINE = "VirtualMachine";

/**
 * Sets a custom attribute of a virtual machine, which is made known to the server first if it has to
 * be, or empties it.
 * @param value undefined to remove the tag
 */
export async function changeTag(
  changing: Changing,
  key: string,
  value: string | undefined,
): Promise<ChangeResult> {
  const { session } = changing;
  refuse(key, value);
  const before = await tagsOf(changing);
  if (before === undefined) return { outcome: "gone" };
  if (own(before, key) === value) return { outcome: "done", tags: before };
  if (value !== undefined) await define(session, key);
  await session.call("setCustomValue", machineOf(changing), {
    parameters: elements(["key", key], ["value", value ?? ""]),
  });
  const after = await tagsOf(changing);
  if (after === undefined) return { outcome: "gone" };
  if (own(after, key) === value) return { outcome: "done", tags: after };
  throw notDone(changing, `the custom attribute ${key} is as it was`);
}

function refuse(key: string, value: string | undefined): void {
  if (key.trim() === "") throw new ChangeError("unsupported", "a custom attribute needs a name");
  if (value !== "") return;
  throw new ChangeError("unsupported", `an empty custom attribute is none, so ${key} cannot be so`);
}

/** All tags of the machine; undefined when it is gone. */
async function tagsOf(changing: Changing): Promise<Readonly<Record<string, string>> | undefined> {
  const machine = await readMachine(changing, [VALUES]);
  if (machine === undefined) return undefined;
  const tags = toTags(machine.values.get(VALUES), await readCustomFields(changing.session));
  if (tags === undefined) throw notDone(changing, "its custom attributes have no names");
  return tags;
}

async function define(session: Session, name: string): Promise<void> {
  const { customFieldsManager } = session.content;
  if (customFieldsManager === undefined) {
    throw new ChangeError("unsupported", "a host without vCenter has no custom attributes");
  }
  if ((await readCustomFields(session)).some((field) => isFor(field, name))) return;
  try {
    const parameters = elements(["name", name], ["moType", MACHINE]);
    await session.call("AddCustomFieldDef", customFieldsManager, { parameters });
  } catch (error) {
    // Somebody else, or a try whose answer was lost, was faster.
    if (!(error instanceof CallFault && error.verdict.code === "DuplicateName")) throw error;
  }
}

function isFor({ name, type }: CustomField, wanted: string): boolean {
  return name === wanted && (type === undefined || type === MACHINE || type === "ManagedEntity");
}

function own(tags: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(tags, key) ? tags[key] : undefined;
}
