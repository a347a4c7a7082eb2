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

/** A call for both purposes is declared once, as one that only reads. */
function unique(calls: readonly Call[]): readonly Call[] {
  const found = new Map<string, Call>();
  for (const call of calls) {
    const known = found.get(call.call);
    const purpose = known?.purpose === "read" || call.purpose === "read" ? "read" : "change";
    const kinds = [...new Set([...known?.kinds ?? [], ...call.kinds])].sort();
    found.set(call.call, { ...call, purpose, kinds });
  }
  return [...found.values()].sort((a, b) => a.call < b.call ? -1 : 1);
}
