import { CkError } from "../errors/mod.ts";

/** Longest message that OpenSSH's own agent takes. */
const MAX_BYTES = 256 * 1024;

/** What may be asked: which keys there are, and a signature. Keys are never added or removed. */
const ASKABLE: ReadonlySet<number> = new Set([11, 13]);

/** Whether a path is a socket, such as that of an SSH agent. */
export async function isSocket(path: string): Promise<boolean> {
  return await Deno.stat(path).then(({ isSocket }) => isSocket === true, () => false);
}

/**
 * Asks an SSH agent once, for a guest that may write to no socket.
 * @param request one message of the agent protocol, base64
 * @returns the answer in the same form
 * @throws CkError for a request that is none of {@link ASKABLE}, or an agent that does not answer
 */
export async function askAgent(
  path: string,
  request: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const message = Uint8Array.fromBase64(request ?? "");
  if (lengthOf(message) !== message.length || !ASKABLE.has(message[4] ?? 0)) {
    throw new CkError("helper.failed", `The agent "${path}" is not asked what may not be asked`);
  }
  using connection = await Deno.connect({ transport: "unix", path });
  signal.throwIfAborted();
  // Closing ends a read that waits.
  const close = () => connection.close();
  signal.addEventListener("abort", close, { once: true });
  try {
    const writer = connection.writable.getWriter();
    await writer.write(message);
    writer.releaseLock();
    return (await readMessage(connection, path)).toBase64();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", close);
  }
}

async function readMessage(connection: Deno.Conn, path: string): Promise<Uint8Array> {
  let message = new Uint8Array(0);
  const buffer = new Uint8Array(16 * 1024);
  for (;;) {
    const count = await connection.read(buffer);
    if (count === null) throw new CkError("helper.failed", `The agent "${path}" does not answer`);
    const longer = new Uint8Array(message.length + count);
    longer.set(message);
    longer.set(buffer.subarray(0, count), message.length);
    message = longer;
    const length = lengthOf(message);
    if (message.length > MAX_BYTES || (length !== undefined && length > MAX_BYTES)) {
      throw new CkError("helper.failed", `The agent "${path}" answers too much`);
    }
    if (length !== undefined && message.length >= length) return message.subarray(0, length);
  }
}

/** Length of a message with its own length before it; undefined before that is there. */
function lengthOf(message: Uint8Array): number | undefined {
  if (message.length < 4) return undefined;
  return 4 + new DataView(message.buffer, message.byteOffset, message.byteLength).getUint32(0);
}
