import { CloudError, isRecord, recordsAt, textAt, textsAt, valueAt } from "ckworker";
import type { Raw } from "../raw.ts";

/** Warnings that say nothing of what is missing. */
const HARMLESS: ReadonlySet<string> = new Set([
  "DEPRECATED_RESOURCE_USED",
  "DEPRECATED_TYPE_USED",
  "EXPERIMENTAL_TYPE_USED",
  "LARGE_DEPLOYMENT_WARNING",
  "NO_RESULTS_ON_PAGE",
  "QUOTA_INFO_UNAVAILABLE",
]);

/** A part of an answer that is missing although the call succeeded. */
export interface Missing {
  /** Location, where the answer names it. */
  readonly location?: string;
  readonly error: CloudError;
}

/**
 * What an answer says is missing from it. The forms differ: a warning, a list of places that could not
 * be reached, and warnings by region.
 */
export function missingFrom(answer: Raw): readonly Missing[] {
  const places = ["missingZones[]", "unreachable[]", "unreachables[]"]
    .flatMap((path) => textsAt(answer, path));
  const named = places.map((location) => ({
    location,
    error: incomplete("UNREACHABLE", `${location} could not be reached`),
  }));
  const regions = recordsAt(answer, "warnings").map((warning) => {
    const location = textAt(warning, "region");
    const error = incomplete(
      textAt(warning, "code") ?? "Warning",
      textAt(warning, "message") ?? "",
    );
    return location === undefined ? { error } : { location, error };
  });
  const warning = warningOf(answer);
  // What the warning is about stands in the list, where there is one.
  const whole = warning === undefined || named.length > 0 ? [] : [{ error: warning }];
  return [...named, ...regions, ...whole];
}

/** What the warning of an answer, or of one location in it, says is missing; else undefined. */
export function warningOf(answer: Raw): CloudError | undefined {
  const warning = valueAt(answer, "warning");
  if (!isRecord(warning)) return undefined;
  const code = textAt(warning, "code") ?? "Warning";
  if (HARMLESS.has(code)) return undefined;
  return incomplete(code, textAt(warning, "message") ?? "a part of the list is missing");
}

function incomplete(code: string, message: string): CloudError {
  const line = message.replaceAll(/\s+/g, " ").trim();
  return new CloudError("request", `${code}: ${line === "" ? "not all was listed" : line}`);
}
