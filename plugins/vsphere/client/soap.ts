import type { Reference } from "./values.ts";
import { child, escapeXml, localName, parseXml, typeOf, type XmlElement } from "./xml.ts";

const ENVELOPE = "http://schemas.xmlsoap.org/soap/envelope/";
const SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance";

/** XML that was made of escaped texts and may stand in a request. */
export class Markup {
  readonly text: string;

  /** @param text must be XML already */
  constructor(text: string) {
    this.text = text;
  }
}

/** What an element of a request holds. */
export type Content = string | number | boolean | Reference | Markup;

/** Elements with the given contents, in the order that the API's schema has; undefined ones are left out. */
export function elements(...members: readonly (readonly [string, Content | undefined])[]): Markup {
  return new Markup(
    members.map(([name, content]) => content === undefined ? "" : element(name, content)).join(""),
  );
}

/** An element of a derived type. */
export function typed(name: string, type: string, content: Markup): Markup {
  return new Markup(`<${name} xsi:type="${type}">${content.text}</${name}>`);
}

/** Several of them, one after the other. */
export function joined(...parts: readonly Markup[]): Markup {
  return new Markup(parts.map(({ text }) => text).join(""));
}

function element(name: string, content: Content): string {
  if (content instanceof Markup) return `<${name}>${content.text}</${name}>`;
  if (typeof content === "object") {
    return `<${name} type="${escapeXml(content.type)}">${escapeXml(content.id)}</${name}>`;
  }
  return `<${name}>${escapeXml(String(content))}</${name}>`;
}

/** The body of a request: a method of an object with its parameters. */
export function envelope(method: string, target: Reference, parameters: Markup): string {
  const { text } = joined(elements(["_this", target]), parameters);
  return `<?xml version="1.0" encoding="UTF-8"?>` +
    `<soapenv:Envelope xmlns:soapenv="${ENVELOPE}" xmlns:xsi="${SCHEMA_INSTANCE}">` +
    `<soapenv:Body><${method} xmlns="urn:vim25">${text}</${method}></soapenv:Body></soapenv:Envelope>`;
}

/** Whether a text ends as an answer does; a cheap look at what may be megabytes. */
export function endsAsEnvelope(text: string): boolean {
  return /<\/(\w+:)?Envelope>\s*$/.test(text.slice(-200));
}

/**
 * What an answer holds: the element in its body.
 * @throws XmlFault
 */
export function readBody(text: string): XmlElement | undefined {
  const root = parseXml(text);
  return root.name === "Envelope" ? child(root, "Body")?.children[0] : undefined;
}

/** A fault that stands in place of an answer, read as far as it goes. */
export function readSoapFault(
  body: XmlElement | undefined,
): { readonly type: string; readonly message: string; readonly privilege?: string } | undefined {
  if (body?.name !== "Fault") return undefined;
  const detail = child(body, "detail")?.children[0];
  const said = child(body, "faultstring")?.text.trim() ?? "";
  // The element is called after the fault, and so is its type, but for the ending.
  const named = detail?.name.replace(/Fault$/, "");
  const type = (detail === undefined ? undefined : typeOf(detail)) ?? named ?? codeOf(body);
  const privilege = child(detail, "privilegeId")?.text;
  const message = said === "" ? type : said;
  return { type, message, ...(privilege === undefined ? {} : { privilege }) };
}

function codeOf(fault: XmlElement): string {
  return localName(child(fault, "faultcode")?.text.trim() || "Fault");
}
