import { Buffer } from "node:buffer";
import { randomBytes } from "node:crypto";

const GREETING = "SSH-2.0-odd\r\n";

/** A field of the protocol: its length, then its bytes. */
export function field(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

/** A packet before keys are exchanged. */
export function packet(payload: Uint8Array): Buffer {
  const rest = 8 - ((payload.length + 5) % 8);
  const padding = rest < 4 ? rest + 8 : rest;
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length + padding + 1);
  head[4] = padding;
  return Buffer.concat([head, payload, Buffer.alloc(padding)]);
}

/** The offer of a server: one algorithm of each kind. */
export function offer(exchange: string): Buffer {
  const lists = [
    exchange,
    "ssh-ed25519",
    "aes128-ctr",
    "aes128-ctr",
    "hmac-sha2-256",
    "hmac-sha2-256",
    "none",
    "none",
    "",
    "",
  ];
  return packet(
    Buffer.concat([Buffer.of(20), randomBytes(16), ...lists.map(field), Buffer.alloc(5)]),
  );
}

/**
 * The answers that end an exchange: the server's key, its part of the secret, its signature, and that
 * new keys are used from now on.
 */
export function exchangeReply(key: Uint8Array, part: Uint8Array): Buffer {
  const signature = Buffer.concat([field("ssh-ed25519"), field(Buffer.alloc(64, 1))]);
  const reply = Buffer.concat([Buffer.of(31), field(key), field(part), field(signature)]);
  return Buffer.concat([packet(reply), packet(Buffer.of(21))]);
}

/** Greets and then says something; for a server's `instead`. */
export function saying(...parts: readonly Uint8Array[]) {
  return async (connection: Deno.Conn): Promise<void> => {
    const writer = connection.writable.getWriter();
    await writer.write(Buffer.concat([Buffer.from(GREETING), ...parts]));
    writer.releaseLock();
    await new Response(connection.readable).bytes();
  };
}
