import { isRecord } from "ckworker";
import { readObject } from "../client/properties.ts";
import type { Session } from "../client/session.ts";
import { verdictOf } from "../client/judge.ts";

/** A custom attribute, as the manager of a server defines it. */
export interface CustomField {
  /** What values name it by. */
  readonly key: string;
  readonly name: string;
  /** Type of the objects that may have it; undefined for all of them. */
  readonly type: string | undefined;
}

const CALL = "vsphere:RetrievePropertiesEx";

/**
 * All custom attributes of a server; none on a host that no vCenter manages.
 * @throws CallFault when they cannot be read
 */
export async function readCustomFields(session: Session): Promise<readonly CustomField[]> {
  const { customFieldsManager } = session.content;
  if (customFieldsManager === undefined) return [];
  const manager = await readObject(session, customFieldsManager, ["field"]);
  const [missing] = manager?.missing ?? [];
  if (missing !== undefined) throw session.faultOf(CALL, verdictOf(missing.fault));
  const fields = manager?.values.get("field") ?? [];
  if (!Array.isArray(fields)) throw session.fault(CALL, "NoFields", "the attributes are no list");
  return fields.filter(isRecord).map(({ key, name, managedObjectType: type }) => ({
    key: String(key),
    name: String(name),
    type: typeof type === "string" && type !== "" ? type : undefined,
  }));
}

/**
 * Custom attributes of an object as tags. An empty one is none: that is how one is removed.
 * @param values of the property `customValue`
 * @param fields undefined when they could not be read
 * @returns undefined when an attribute is not known by name
 */
export function toTags(
  values: unknown,
  fields: readonly CustomField[] | undefined,
): Readonly<Record<string, string>> | undefined {
  const tags = new Map<string, string>();
  for (const each of Array.isArray(values) ? values : []) {
    const { key, value } = isRecord(each) ? each : {};
    if (value === "" || value === undefined) continue;
    const field = fields?.find((known) => known.key === String(key));
    if (field === undefined) return undefined;
    tags.set(field.name, String(value));
  }
  return Object.fromEntries(tags);
}
