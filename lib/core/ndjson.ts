import { CoreMessageError } from "../errors/mod.ts";
import { type Asked, heard } from "./asked.ts";

/** Longest line of an answer, UTF-16 units: a node with everything that it holds. */
const LONGEST_LINE = 64 * 1024 * 1024;

/**
 * Reads an answer of one JSON document a line, line by line.
 * @throws CoreUnreachableError when the answer breaks off
 * @throws CoreMessageError when a line is no JSON
 */
export async function* ndjson(response: Response, asked: Asked): AsyncGenerator<unknown> {
  if (response.body === null) return;
  for await (const line of lines(response.body, asked)) {
    if (line.trim() === "") continue;
    try {
      yield JSON.parse(line);
    } catch (cause) {
      throw new CoreMessageError(`the core answers ${asked.what} with a line that is no JSON`, {
        cause,
      });
    }
  }
}

async function* lines(stream: ReadableStream<Uint8Array>, asked: Asked): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let begun = "";
  try {
    for (;;) {
      const { value, done } = await heard(asked, reader.read());
      const [first = "", ...parts] = decoder.decode(value, { stream: !done }).split("\n");
      parts.unshift(begun + first);
      begun = parts.pop() ?? "";
      yield* parts;
      if (begun.length > LONGEST_LINE) throw tooLong(asked);
      if (done) break;
    }
    if (begun !== "") yield begun;
  } finally {
    // Whoever stops early lets go of the connection; a broken one cannot be let go of.
    await reader.cancel().catch(() => {});
  }
}

function tooLong({ what }: Asked): CoreMessageError {
  return new CoreMessageError(`the core answers ${what} with a line that does not end`);
}
