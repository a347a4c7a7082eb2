import { GraphError } from "../errors/mod.ts";
import { MAX_LINE_BYTES } from "../model/mod.ts";

const LINE_FEED = 0x0a;

/**
 * Lines of a byte stream, without their line feeds. A line within one chunk is a view into it, valid
 * until the consumer asks for the next line; empty lines are passed over. An incomplete last line is
 * dropped: whoever sent it died, and its scope was never closed.
 * @throws GraphError when a line is longer than {@link MAX_LINE_BYTES}
 */
export async function* splitLines(
  stream: AsyncIterable<Uint8Array>,
  limit = MAX_LINE_BYTES,
): AsyncIterable<Uint8Array> {
  let begun: Uint8Array[] = [];
  let begunLength = 0;
  for await (const chunk of stream) {
    let start = 0;
    for (let end = chunk.indexOf(LINE_FEED); end >= 0; end = chunk.indexOf(LINE_FEED, start)) {
      const rest = chunk.subarray(start, end);
      const line = begun.length === 0 ? rest : joined([...begun, rest]);
      begun = [];
      begunLength = 0;
      start = end + 1;
      checkLength(line.length, limit);
      if (line.length > 0) yield line;
    }
    if (start < chunk.length) begun.push(chunk.slice(start));
    begunLength += chunk.length - start;
    checkLength(begunLength, limit);
  }
}

function checkLength(length: number, limit: number): void {
  if (length <= limit) return;
  throw new GraphError("too_large", `a line is longer than ${limit} bytes`, {
    hint: "Leave large values out of the properties of a node.",
  });
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
