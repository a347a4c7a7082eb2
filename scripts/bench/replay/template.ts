import type { Recording } from "./recording.ts";

/** Where a request comes from: account and region of the large estate, each with its number. */
export interface Place {
  readonly account: string;
  readonly region: string;
  /** Number of the place, 0 to 65535; makes resource ids differ between places. */
  readonly salt: number;
}

/** Ids such as `vpc-0a1b2c3d4e5f60718`; word, dash, eight or seventeen hex digits. */
const RESOURCE_ID = /\b([a-z]{1,12}-)([0-9a-f]{4})([0-9a-f]{4}(?:[0-9a-f]{9})?)\b/g;

/** Rewrites an answer of the recorded account and region into one of `place`. */
export function toPlace(text: string, recorded: Recording, place: Place): string {
  return saltIds(
    text.replaceAll(recorded.account, place.account).replaceAll(recorded.region, place.region),
    place.salt,
  );
}

/** Rewrites the arguments of a request from `place` into those of the recording. */
export function fromPlace(text: string, recorded: Recording, place: Place): string {
  return saltIds(text, place.salt).replaceAll(place.account, recorded.account)
    .replaceAll(place.region, recorded.region);
}

/** Its own inverse: the same salt twice gives the text back. */
function saltIds(text: string, salt: number): string {
  if (salt === 0) return text;
  return text.replace(RESOURCE_ID, (_, kind: string, head: string, rest: string) => {
    const salted = (Number.parseInt(head, 16) ^ salt).toString(16).padStart(4, "0");
    return `${kind}${salted}${rest}`;
  });
}
