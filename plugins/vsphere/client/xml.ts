import { SaxesParser } from "saxes";

/** An element: its name without prefix, attributes with theirs, and what it holds. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: readonly XmlElement[];
  /** Text directly inside. */
  readonly text: string;
}

interface Growing extends XmlElement {
  readonly children: XmlElement[];
  text: string;
}

/** Elements inside of each other; answers of vSphere have some twenty. */
const DEEPEST = 100;

/** A text that is no XML, or XML as no server of ours writes it. */
export class XmlFault extends Error {
  override readonly name = "XmlFault";
}

/**
 * Reads a document. Only the five entities that XML itself has and numbers are known: a document type,
 * which could declare others, is refused.
 * @throws XmlFault
 */
export function parseXml(text: string): XmlElement {
  const parser = new SaxesParser();
  const open: Growing[] = [];
  let root: XmlElement | undefined;
  parser.on("error", (error) => {
    throw new XmlFault(`the answer is no XML: ${error.message}`);
  });
  parser.on("doctype", () => {
    throw new XmlFault("the answer has a document type");
  });
  parser.on("opentag", ({ name, attributes }) => {
    if (open.length >= DEEPEST) throw new XmlFault("the answer is nested too deeply");
    const element = { name: localName(name), attributes, children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("closetag", () => {
    root = open.pop();
  });
  const addText = (part: string) => {
    const element = open.at(-1);
    if (element !== undefined) element.text += part;
  };
  parser.on("text", addText);
  parser.on("cdata", addText);
  parser.write(text).close();
  if (root === undefined) throw new XmlFault("the answer is empty");
  return root;
}

/** A name without its prefix. */
export function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

/** The first child of this name. */
export function child(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((each) => each.name === name);
}

/** The children of this name. */
export function children(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((each) => each.name === name) ?? [];
}

/** Type that an element says to be of (`xsi:type`), without prefix. */
export function typeOf({ attributes }: XmlElement): string | undefined {
  const key = Object.keys(attributes).find((name) => name.endsWith(":type"));
  const type = key === undefined ? undefined : attributes[key];
  return type === undefined ? undefined : localName(type);
}

/** A text as content or attribute of an element; what XML cannot hold at all is left out. */
export function escapeXml(text: string): string {
  return text.replaceAll(NOT_XML, "").replaceAll(
    /[<>&"'\r\n\t]/g,
    (sign) => `&#${sign.charCodeAt(0)};`,
  );
}

const NOT_XML =
  // deno-lint-ignore no-control-regex
  /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;
