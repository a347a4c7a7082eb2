import { CallFault, recordsAt, textAt } from "ckworker";
import pMap from "p-map";
import type { Api } from "../client/api.ts";
import { NOT_FOUND } from "../client/judge.ts";

/** Objects that are deleted at once. */
const AT_ONCE = 8;
/** How often a bucket is looked through: who fills it meanwhile gets an error from the delete. */
const ROUNDS = 10;

/**
 * Deletes all objects of a bucket, older versions with them.
 * @throws CallFault when one of them cannot be deleted
 */
export async function emptyBucket(api: Api, bucket: string, signal: AbortSignal): Promise<void> {
  // A list that loses objects while it is read may leave some out.
  for (let round = 1; round <= ROUNDS; round++) {
    if (await emptyOnce(api, bucket, signal) === 0) return;
  }
}

/** @returns how many objects there were */
async function emptyOnce(api: Api, bucket: string, signal: AbortSignal): Promise<number> {
  let found = 0;
  const pages = api.pages("storage", "objects.list", { bucket, versions: "true" });
  for await (const page of pages) {
    const objects = recordsAt(page, "items");
    found += objects.length;
    await pMap(objects, async (raw) => {
      signal.throwIfAborted();
      const [object, generation] = [textAt(raw, "name"), textAt(raw, "generation")];
      if (object === undefined) return;
      const version = generation === undefined ? {} : { generation };
      await gone(api.call("storage", "objects.delete", { bucket, object, ...version }));
    }, { concurrency: AT_ONCE });
  }
  return found;
}

async function gone(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof CallFault) || error.verdict.code !== NOT_FOUND) throw error;
  }
}
