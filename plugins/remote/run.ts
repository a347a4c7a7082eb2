import type { CollectContext } from "ckworker";
import type { LentKinds } from "./graph/lent_kinds.ts";
import type { Survey } from "./graph/survey.ts";
import type { RemoteOptions } from "./options.ts";
import type { Endpoint } from "./source/endpoint.ts";
import { readEndpointLines, type Reading } from "./source/read.ts";

/** What is going on, for ledger and log. */
export const CALL = "remote:Read";

/** What the endpoints of one run share. */
export interface RemoteRun {
  readonly context: CollectContext<RemoteOptions>;
  readonly lent: LentKinds;
  readonly reading: Reading;
  readonly endpoints: readonly Endpoint[];
}

/**
 * The first reading of an endpoint.
 * @returns digest of what was read
 * @throws Unreadable when it is not whole
 */
export async function surveyEndpoint(
  endpoint: Endpoint,
  reading: Reading,
  survey: Survey,
): Promise<string> {
  const digest = await readEndpointLines(endpoint, reading, (line) => survey.take(line));
  survey.finish();
  return digest;
}
