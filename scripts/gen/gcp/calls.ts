import type { Call } from "../../../lib/model/mod.ts";
import { TOKEN_CALLS } from "../../../plugins/gcp/access/token_calls.ts";
import { callName } from "../../../plugins/gcp/engine/operations.ts";
import type { Resource } from "../../../plugins/gcp/resource.ts";
import { permissionOf } from "../../../plugins/gcp/services.ts";
import { usesOf } from "./operations.ts";

/** What is called and with which permissions: for tokens, to collect, and to change. */
export function callsOf(resources: readonly Resource[]): readonly Call[] {
  const calls = usesOf(resources).map(({ service, operation, purpose, kinds }): Call => {
    const permission = permissionOf(service, operation);
    return {
      call: callName(service, operation),
      permissions: permission === undefined ? [] : [permission],
      purpose,
      kinds,
    };
  });
  return [...TOKEN_CALLS, ...unique(calls)];
}

/**
 * A call for both purposes is declared once for each kind, as one that only reads: what it reads of one
 * kind is no reason to allow it for another one that it is for when that is changed.
 */
function unique(calls: readonly Call[]): readonly Call[] {
  const reading = calls.filter(({ purpose }) => purpose === "read");
  const read = new Map(reading.map(({ call, kinds }) => [call, new Set(kinds)]));
  const changing = calls.filter(({ purpose }) => purpose === "change").flatMap((each) => {
    const kinds = each.kinds.filter((kind) => read.get(each.call)?.has(kind) !== true);
    return kinds.length === 0 ? [] : [{ ...each, kinds }];
  });
  return [...reading, ...changing].sort((a, b) => a.call < b.call ? -1 : a.call > b.call ? 1 : 0);
}
