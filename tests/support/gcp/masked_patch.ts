import type { DescribedCall } from "./described.ts";
import type { GoogleState, Json, Stored } from "./google_state.ts";

/** What a patch with a mask comes to. */
export type Patched = { readonly body: Json } | { readonly refused: string };

/** Whether a patch says in a mask what it changes, in its query or in its body. */
export function isMasked({ parameters, body }: DescribedCall): boolean {
  return parameters["updateMask"] !== undefined || Object.hasOwn(Object(body), "updateMask");
}

/**
 * Replaces what the mask names, and nothing else. An object that was read at another version is refused,
 * as far as its type has versions.
 */
export function patchMasked(
  { service, parameters, body, facts }: DescribedCall,
  stored: Stored,
  state: GoogleState,
): Patched {
  const { updateMask = parameters["updateMask"], ...inside }: Record<string, unknown> = Object(
    body,
  );
  const isInside = parameters["updateMask"] === undefined;
  const given: Record<string, unknown> = Object(isInside ? Object.values(inside)[0] : body);
  const { etag } = stored.raw;
  if (etag !== undefined && given["etag"] !== undefined && given["etag"] !== etag) {
    return { refused: "the object was changed meanwhile" };
  }
  const named = String(updateMask).split(",").map((name) => [name, given[name]]);
  const version = typeof etag === "string" ? { etag: `${etag}+` } : {};
  stored.raw = { ...stored.raw, ...Object.fromEntries(named), ...version };
  const isBegun = /Operation$/.test(facts.response ?? "");
  const [, parent] = /^(projects\/[^/]+\/locations\/[^/]+)/.exec(String(stored.raw["name"])) ?? [];
  return { body: isBegun ? state.begin(service, "patch", { parent }) : stored.raw };
}
