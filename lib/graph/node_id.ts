import { createBLAKE2b } from "hash-wasm";

/** What may stand in a node id beside text: missing, a whole number, a truth value. */
export type IdPart = string | number | boolean | null;

/** Kind, cloud, account, region, zone, id, name; a missing ancestor is the text `undefined`. */
export type NodeIdParts = readonly [IdPart, IdPart, IdPart, IdPart, IdPart, IdPart, IdPart];

/**
 * Computes the ids under which a core knows nodes: of {@link NodeIdParts}, or for the later
 * generation of cores of the parts that its own rules choose.
 */
export interface NodeIdentifier {
  /** The 128 bits of a node id. The array is new for each call. */
  digest(parts: readonly IdPart[]): Uint8Array;
  /** The node id: 22 characters of unpadded, URL-safe base64. */
  id(parts: readonly IdPart[]): string;
}

const DIGEST_BITS = 128;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
/** Base64 of every 12 bits: half as many pieces of text to join. */
const TWO_LETTERS = Array.from(
  { length: 4096 },
  (_, bits) => ALPHABET.charAt(bits >> 6) + ALPHABET.charAt(bits & 63),
);
const QUOTE = 0x27;
const BACKSLASH = 0x5c;

/** Loads the hash function once; everything after that is synchronous. */
export async function createNodeIdentifier(): Promise<NodeIdentifier> {
  const blake2b = await createBLAKE2b(DIGEST_BITS);
  const text = new TupleWriter();
  const digest = (parts: readonly IdPart[]) =>
    blake2b.init().update(text.write(parts)).digest("binary");
  return { digest, id: (parts) => encodeNodeId(digest(parts)) };
}

/** Unpadded, URL-safe base64 of the 16 bytes that begin at an offset. */
export function encodeNodeId(bytes: Uint8Array, offset = 0): string {
  let id = "";
  for (let at = offset; at < offset + 15; at += 3) {
    const three = byte(bytes, at) << 16 | byte(bytes, at + 1) << 8 | byte(bytes, at + 2);
    id += twoLetters(three >> 12) + twoLetters(three);
  }
  return id + twoLetters(byte(bytes, offset + 15) << 4);
}

/** The text of one value as Python prints it; the form that node ids are computed from. */
export function pythonRepr(part: IdPart): string {
  if (part === null) return "None";
  if (typeof part === "boolean") return part ? "True" : "False";
  if (typeof part === "number") return BigInt(part).toString();
  const quote = part.includes("'") && !part.includes('"') ? '"' : "'";
  let text = quote;
  for (const character of part) text += escaped(character, quote);
  return text + quote;
}

const NAMED_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\\", "\\\\"],
  ["\t", "\\t"],
  ["\n", "\\n"],
  ["\r", "\\r"],
]);

/** Categories "other" and "separator", surrogates and unassigned ones among them. */
const NOT_PRINTABLE = /^[\p{C}\p{Z}]$/u;

function escaped(character: string, quote: string): string {
  if (character === quote) return `\\${quote}`;
  const named = NAMED_ESCAPES.get(character);
  if (named !== undefined) return named;
  if (character === " " || !NOT_PRINTABLE.test(character)) return character;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${hex(code, 2)}`;
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}

function twoLetters(bits: number): string {
  return TWO_LETTERS[bits & 4095] ?? "";
}

/** Writes tuples as UTF-8 into one buffer; nearly all text is ASCII that needs no escapes. */
class TupleWriter {
  readonly #encoder = new TextEncoder();
  #bytes = new Uint8Array(4096);
  #length = 0;

  /** The bytes are valid until the next call. */
  write(parts: readonly IdPart[]): Uint8Array {
    this.#length = 0;
    this.#ascii("(");
    for (let at = 0; at < parts.length; at++) {
      if (at > 0) this.#ascii(", ");
      this.#part(parts[at] ?? null);
    }
    this.#ascii(")");
    return this.#bytes.subarray(0, this.#length);
  }

  #part(part: IdPart): void {
    if (typeof part !== "string" || !this.#plain(part)) this.#encode(pythonRepr(part));
  }

  /** Writes text that needs no escape; otherwise writes nothing and returns false. */
  #plain(text: string): boolean {
    const bytes = this.#reserve(text.length + 2);
    let at = this.#length;
    bytes[at++] = QUOTE;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
      bytes[at++] = code;
    }
    bytes[at++] = QUOTE;
    this.#length = at;
    return true;
  }

  #ascii(text: string): void {
    const bytes = this.#reserve(text.length);
    for (let index = 0; index < text.length; index++) {
      bytes[this.#length++] = text.charCodeAt(index);
    }
  }

  #encode(text: string): void {
    const bytes = this.#reserve(text.length * 3);
    this.#length += this.#encoder.encodeInto(text, bytes.subarray(this.#length)).written;
  }

  /** Makes room for so many more bytes. */
  #reserve(length: number): Uint8Array {
    if (this.#length + length > this.#bytes.length) {
      const grown = new Uint8Array((this.#length + length) * 2);
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    return this.#bytes;
  }
}
