/** 32-bit FNV-1a of a body, to tell equal from different content; not for identity. */
export function bodyHash(body: Uint8Array): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < body.length; at++) {
    hash = Math.imul(hash ^ (body[at] ?? 0), 0x01000193);
  }
  return hash >>> 0;
}
