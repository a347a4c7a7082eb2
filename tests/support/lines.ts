/** Reads a guest's lines to the end, as text without line breaks. */
export async function readLines(stream: ReadableStream<Uint8Array>): Promise<string[]> {
  const text = await new Response(stream.pipeThrough(new TransformStream())).text();
  return text === "" ? [] : text.replace(/\n$/, "").split("\n");
}
