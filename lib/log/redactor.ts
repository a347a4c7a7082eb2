/** Shorter values are no secrets: replacing them would tear ordinary text apart. */
const SHORTEST = 4;

/** What stands in place of a secret. */
export const REDACTED = "[secret]";

/** Takes known secret values out of text, the last guard before anything is written. */
export interface Redactor {
  /** Makes a value known; values under four characters are ignored. */
  add(secret: string): void;
  /** Replaces every known value and its URL-encoded, JSON and base64 forms by `[secret]`. */
  redact(text: string): string;
}

/** Creates a redactor that knows the given values. */
export function createRedactor(secrets: Iterable<string> = []): Redactor {
  const forms = new Set<string>();
  let ordered: readonly string[] = [];
  const redactor: Redactor = {
    add(secret) {
      if (secret.length < SHORTEST) return;
      for (const form of formsOf(secret.toWellFormed())) forms.add(form);
      ordered = [...forms].sort((a, b) => b.length - a.length);
    },
    redact: (text) => ordered.reduce((rest, form) => rest.replaceAll(form, REDACTED), text),
  };
  for (const secret of secrets) redactor.add(secret);
  return redactor;
}

function formsOf(secret: string): readonly string[] {
  const url = encodeURIComponent(secret);
  const forms = [
    secret,
    url,
    url.replaceAll("%20", "+"),
    url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    JSON.stringify(secret).slice(1, -1),
    ...[0, 1, 2].flatMap((offset) => base64At(secret, offset)),
  ];
  return forms.filter((form) => form.length >= SHORTEST);
}

/**
 * The characters that a value always has in base64 when it starts `offset` bytes after a multiple
 * of three, as the password in `user:password` does; what shares a character with its neighbours
 * is cut off.
 */
function base64At(secret: string, offset: number): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const padded = new Uint8Array(offset + bytes.length);
  padded.set(bytes, offset);
  const encoded = btoa(Array.from(padded, (byte) => String.fromCharCode(byte)).join(""));
  const first = Math.ceil(offset * 8 / 6);
  const last = Math.floor(padded.length * 8 / 6);
  const standard = encoded.slice(first, last);
  return [standard, standard.replaceAll("+", "-").replaceAll("/", "_")];
}
