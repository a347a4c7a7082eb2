import type { KindIndex, Property, PropertyType } from "../model/mod.ts";
import type { UploadNode } from "./core.ts";
import type { Dialect } from "./dialect.ts";
import { jsonMembers, jsonObject, type Member } from "./json_members.ts";

/** A node as a line without its line feed. */
export interface NodeLine {
  readonly text: string;
  /** Values were replaced by a note, because the core takes no longer lines. */
  readonly shortened: boolean;
}

/** What a value's place says when the value is too large for the core. */
export function noteFor(bytes: number): string {
  return `left out: ${bytes} bytes are more than the core takes`;
}

/** Writes nodes as lines that a core takes: in its words, and no longer than its limit. */
export class NodeWriter {
  readonly #dialect: Dialect;
  readonly #kinds: KindIndex;
  readonly #exportedAt: string;
  readonly #properties = new Map<string, ReadonlyMap<string, Property>>();
  readonly #differing = new Map<string, readonly Property[]>();

  constructor(dialect: Dialect, kinds: KindIndex, exportedAt: string) {
    this.#dialect = dialect;
    this.#kinds = kinds;
    this.#exportedAt = exportedAt;
  }

  /** @throws GraphError when the node's kind is unknown */
  write(node: UploadNode): NodeLine {
    const own = this.#inWords(node);
    const text = this.#line(own);
    return this.#fits(text) ? { text, shortened: false } : this.#shorten(own, text);
  }

  #line(node: UploadNode): string {
    const { kinds, exportedAt } = { kinds: this.#kinds, exportedAt: this.#exportedAt };
    return this.#dialect.node(node, { kinds, exportedAt });
  }

  /** A UTF-16 unit is three bytes at most, so that few lines have to be counted. */
  #fits(line: string): boolean {
    const room = this.#dialect.limits.line - 1;
    return line.length * 3 <= room || utf8Length(line) <= room;
  }

  /** Rewrites the values that the model marks as differing between generations. */
  #inWords(node: UploadNode): UploadNode {
    const differing = this.#differingOf(node.kind);
    if (differing.length === 0) return node;
    const types = new Map(differing.map(({ name, type }) => [name, type]));
    const members = jsonMembers(node.body).map(([name, text]): Member => {
      const rewrite = this.#dialect.values.get(types.get(name) ?? "");
      return [name, rewrite === undefined ? text : JSON.stringify(rewrite(JSON.parse(text)))];
    });
    return { ...node, body: jsonObject(members) };
  }

  #differingOf(kind: string): readonly Property[] {
    let differing = this.#differing.get(kind);
    if (differing === undefined) {
      differing = [...this.#propertiesOf(kind).values()].filter((each) => each.dialect === true);
      this.#differing.set(kind, differing);
    }
    return differing;
  }

  #propertiesOf(kind: string): ReadonlyMap<string, Property> {
    let properties = this.#properties.get(kind);
    if (properties === undefined) {
      properties = new Map(this.#kinds.properties(kind).map((each) => [each.name, each]));
      this.#properties.set(kind, properties);
    }
    return properties;
  }

  /** Replaces the largest value again and again until the line fits; the name is one of them. */
  #shorten(node: UploadNode, tooLong: string): NodeLine {
    const properties = this.#propertiesOf(node.kind);
    const members = new Map(jsonMembers(node.body));
    const sizes = [...members, ["name", JSON.stringify(node.name)] as const]
      .map(([name, text]) => ({ name, bytes: utf8Length(text) }))
      .toSorted((a, b) => b.bytes - a.bytes);
    let own = node;
    let text = tooLong;
    for (const { name, bytes } of sizes) {
      if (this.#fits(text)) break;
      const note = noteOf(properties.get(name)?.type, noteFor(bytes));
      if (note !== undefined && utf8Length(note) >= bytes) continue;
      if (name === "name") own = { ...own, name: noteFor(bytes) };
      else if (note === undefined) members.delete(name);
      else members.set(name, note);
      text = this.#line({ ...own, body: jsonObject(members) });
    }
    return { text, shortened: true };
  }
}

/** The note as JSON text of a type; undefined where the type holds no text. */
function noteOf(type: PropertyType | undefined, note: string): string | undefined {
  switch (type) {
    case "string":
    case "any":
      return JSON.stringify(note);
    case "string[]":
    case "any[]":
      return JSON.stringify([note]);
    case "dictionary[string, string]":
    case "dictionary[string, any]":
    case "dictionary[any, any]":
      return JSON.stringify({ note });
    default:
      return undefined;
  }
}

const encoder = new TextEncoder();

function utf8Length(text: string): number {
  return encoder.encode(text).length;
}
