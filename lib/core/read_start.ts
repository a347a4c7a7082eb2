/**
 * Reads the text of an answer, `max` bytes of it at least when it is longer; the rest is given up.
 */
export async function readStart(response: Response, max: number): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    bytes += chunk.length;
    if (bytes >= max) break;
  }
  return text;
}
