import type { Call } from "../../../lib/model/mod.ts";
import { service as factsOf } from "../../../plugins/aws/services.ts";
import type { DeclaredCall } from "./declared.ts";

/** Operations whose IAM action has another name. */
const ACTIONS: Readonly<Record<string, readonly string[]>> = {
  "s3:ListBuckets": ["s3:ListAllMyBuckets"],
  "s3:ListObjectsV2": ["s3:ListBucket"],
  "s3:DeleteObjects": ["s3:DeleteObject"],
};

/** Names under which a call can be left out, for each declaration that makes it. */
export type Uses = Readonly<Record<string, readonly (readonly string[])[]>>;

/** One entry per call and purpose, sorted. */
export function toCalls(declared: readonly DeclaredCall[]): readonly Call[] {
  const calls = new Map<string, Call>();
  for (const each of declared) {
    const key = `${callOf(each)} ${each.purpose}`;
    const known = calls.get(key);
    calls.set(key, {
      call: callOf(each),
      permissions: merge(known?.permissions, permissionsOf(each)),
      purpose: each.purpose,
      kinds: merge(known?.kinds, each.kinds),
    });
  }
  return [...calls].sort(([a], [b]) => a < b ? -1 : 1).map(([, call]) => call);
}

/** Which names of `--aws-collect` have to be wanted for a call to be made; `[]` is always. */
export function toUses(declared: readonly DeclaredCall[]): Uses {
  const uses = new Map<string, Map<string, readonly string[]>>();
  for (const each of declared) {
    const call = callOf(each);
    const known = uses.get(call) ?? new Map<string, readonly string[]>();
    uses.set(call, known.set(each.names.join(" "), each.names));
  }
  const sorted = [...uses].sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(sorted.map(([call, names]) => [call, [...names.values()]]));
}

/** `service:Operation`. */
export function callOf({ service, operation }: DeclaredCall): string {
  return `${service}:${operation.operation}`;
}

function permissionsOf(declared: DeclaredCall): readonly string[] {
  const call = callOf(declared);
  return declared.operation.permissions ?? ACTIONS[call] ??
    [`${factsOf(declared.service).iam}:${declared.operation.operation}`];
}

function merge(
  known: readonly string[] | undefined,
  more: readonly string[],
): readonly string[] {
  return [...new Set([...known ?? [], ...more])].sort();
}
