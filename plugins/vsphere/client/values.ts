import { child, children, typeOf, type XmlElement } from "./xml.ts";

/** A managed object: what it is, and its id. */
export interface Reference {
  readonly type: string;
  readonly id: string;
}

/** Whether a value is a managed object. */
export function isReference(value: unknown): value is Reference {
  return typeof value === "object" && value !== null && "type" in value && "id" in value &&
    typeof value.type === "string" && typeof value.id === "string" &&
    Object.keys(value).length === 2;
}

/** The managed object that an element names; undefined where it names none. */
export function toReference(element: XmlElement | undefined): Reference | undefined {
  const type = element?.attributes["type"];
  const id = element?.text.trim() ?? "";
  return type === undefined || id === "" ? undefined : { type, id };
}

/**
 * Value of a property by the type that it says to be of: numbers, booleans, texts, references, lists
 * (`ArrayOf…`), and structures as records, of which members that come more than once are lists.
 */
export function toValue(element: XmlElement): unknown {
  const type = typeOf(element) ?? "";
  if (type.startsWith("ArrayOf")) return element.children.map(toValue);
  if (type === "LocalizedMethodFault") return toFault(element);
  if (element.children.length > 0) return toRecord(element);
  const reference = toReference(element);
  if (reference !== undefined) return reference;
  switch (type === "" ? element.name : type) {
    case "byte":
    case "short":
    case "int":
    case "long":
      return toInteger(element.text);
    case "float":
    case "double":
      return toNumber(element.text);
    case "boolean":
      return BOOLEANS[element.text.trim()] ?? element.text;
    default:
      return element.text;
  }
}

const BOOLEANS: Readonly<Record<string, boolean>> = { true: true, 1: true, false: false, 0: false };

function toInteger(text: string): unknown {
  if (!/^\s*[+-]?\d{1,30}\s*$/.test(text)) return text;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : BigInt(text.trim().replace("+", ""));
}

function toNumber(text: string): unknown {
  return text.trim() === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

function toRecord(element: XmlElement): Readonly<Record<string, unknown>> {
  const members = new Map<string, unknown[]>();
  for (const each of element.children) {
    const known = members.get(each.name) ?? [];
    known.push(toValue(each));
    members.set(each.name, known);
  }
  return Object.fromEntries(
    [...members].map(([name, values]) => [name, values.length === 1 ? values[0] : values]),
  );
}

/** A member that is a list, also when it came once or not at all. */
export function listOf(value: unknown): readonly unknown[] {
  return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value];
}

/** Text of the first child of this name. */
export function textOf(element: XmlElement | undefined, name: string): string | undefined {
  return child(element, name)?.text;
}

/** One managed object as the property collector tells it. */
export interface ObjectContent extends Reference {
  /** Values by path; a property that is not set has none. */
  readonly values: ReadonlyMap<string, unknown>;
  /** Paths that could not be read, with the fault's type and the privilege that would cure it. */
  readonly missing: readonly MissingProperty[];
}

/** A property that could not be read. */
export interface MissingProperty {
  readonly path: string;
  readonly fault: Fault;
}

/** A fault of vSphere. */
export interface Fault {
  /** `NoPermission`, `InvalidLogin`. */
  readonly type: string;
  readonly message: string;
  /** The privilege that is missing, `VirtualMachine.Inventory.Delete`. */
  readonly privilege?: string;
}

/** A `LocalizedMethodFault`, whose type stands at its element `fault`. */
export function toFault(element: XmlElement | undefined): Fault {
  const fault = child(element, "fault");
  const type = fault === undefined ? undefined : typeOf(fault);
  const message = textOf(element, "localizedMessage")?.trim();
  const privilege = textOf(fault, "privilegeId");
  return {
    type: type ?? "UnknownFault",
    message: message === undefined || message === "" ? type ?? "no reason was given" : message,
    ...(privilege === undefined ? {} : { privilege }),
  };
}

/** One `ObjectContent`; undefined when it names no object. */
export function toObject(element: XmlElement): ObjectContent | undefined {
  const reference = toReference(child(element, "obj"));
  if (reference === undefined) return undefined;
  const values = new Map<string, unknown>();
  for (const property of children(element, "propSet")) {
    const value = child(property, "val");
    const path = textOf(property, "name");
    if (path !== undefined && value !== undefined) values.set(path, toValue(value));
  }
  const missing = children(element, "missingSet").map((each) => ({
    path: textOf(each, "path") ?? "",
    fault: toFault(child(each, "fault")),
  }));
  return { ...reference, values, missing };
}
