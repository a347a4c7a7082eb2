import { z } from "zod";

/** Answers of one account and region, recorded once, to be replayed for many. */
const recording = z.object({
  /** The account and the region that the answers speak of. */
  account: z.string(),
  region: z.string(),
  calls: z.array(z.object({
    service: z.string(),
    operation: z.string(),
    /** Arguments without paging, as `identifyCall` gives them. */
    key: z.string(),
    status: z.number(),
    headers: z.record(z.string(), z.string()),
    body: z.string(),
  })),
});

export type Recording = z.infer<typeof recording>;
export type RecordedCall = Recording["calls"][number];

/**
 * Reads a recording that `record.ts` wrote.
 * @throws ZodError when the file is none
 */
export async function readRecording(path: string): Promise<Recording> {
  return recording.parse(JSON.parse(await Deno.readTextFile(path)));
}

/** Identity of a call within a recording. */
export function callKey(
  call: { readonly service: string; readonly operation: string; readonly key: string },
): string {
  return `${call.service}/${call.operation}/${call.key}`;
}
