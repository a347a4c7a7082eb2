/**
 * What goes through the pipes between a host and a child: messages as one JSON object a line, and
 * lines of nodes as they are, ended by a NUL byte, which no line holds. A guest could write to
 * either pipe itself; it would only speak for itself, and nothing of it is believed.
 */

/** A message on a pipe, of any form beside its type. */
export interface Frame {
  readonly type: string;
}

/** Longest frame that is read as one; longer ones are kept as text. */
const MAX_FRAME_LENGTH = 32 * 1024 * 1024;
/** How much of what is no frame is kept, for the message about a crash. */
const KEPT_TEXT = 4_000;
const END_OF_LINES = 0;

const encoder = new TextEncoder();

/** One message as bytes. */
export function encodeFrame(frame: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${JSON.stringify(frame)}\n`);
}

/** The byte that ends the lines. */
export function endOfLines(): Uint8Array<ArrayBuffer> {
  return new Uint8Array([END_OF_LINES]);
}

/** Reads messages until the pipe ends; resolves with the end of whatever else was said. */
export async function readFrames(
  pipe: ReadableStream<Uint8Array<ArrayBuffer>>,
  receive: (frame: Frame) => void,
): Promise<string> {
  let said = "";
  let rest = "";
  const take = (line: string) => {
    const frame = parseFrame(line);
    if (frame === undefined) said = `${said}${line}\n`.slice(-KEPT_TEXT);
    else receive(frame);
  };
  for await (const text of pipe.pipeThrough(new TextDecoderStream())) {
    const lines = `${rest}${text}`.split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
    if (rest.length > MAX_FRAME_LENGTH) rest = rest.slice(-KEPT_TEXT);
  }
  if (rest !== "") take(rest);
  return said.trim();
}

/** Passes bytes on until the mark that ends the lines. */
export function linesUntilMark(): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      const isLast = chunk.at(-1) === END_OF_LINES;
      if (!isLast) controller.enqueue(chunk);
      else {
        if (chunk.byteLength > 1) controller.enqueue(chunk.subarray(0, -1));
        controller.terminate();
      }
    },
    // A pipe that ends without the mark has lost its child, and the error that tells why comes next.
    flush: () => new Promise(() => {}),
  });
}

function parseFrame(line: string): Frame | undefined {
  if (!line.startsWith('{"type":')) return undefined;
  try {
    return JSON.parse(line);
  } catch {
    // Text of the runtime that looks like a frame; kept as text.
    return undefined;
  }
}
