/** 32 bits of a body, to tell equal from different content; not for identity. */
export function bodyHash(body: Uint8Array): number {
  const words = body.length & ~3;
  let hash = body.length;
  for (let at = 0; at < words; at += 4) {
    hash = mixed(
      hash,
      byte(body, at) | byte(body, at + 1) << 8 | byte(body, at + 2) << 16 |
        byte(body, at + 3) << 24,
    );
  }
  for (let at = words; at < body.length; at++) hash = mixed(hash, byte(body, at));
  return hash >>> 0;
}

function mixed(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e3779b1);
  return product ^ product >>> 15;
}

function byte(body: Uint8Array, at: number): number {
  return body[at] ?? 0;
}
