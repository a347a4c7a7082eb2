/** Id of a run: its start to the second and four random hex digits; sorts by time. */
export function runId(started: Date): string {
  const second = started.toISOString().slice(0, 19).replaceAll(/[-:]/g, "");
  const random = crypto.getRandomValues(new Uint8Array(2));
  return `${second}Z-${[...random].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
