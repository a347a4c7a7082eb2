import type { Call } from "ckworker";
import type { K8sOptions } from "../options.ts";
import type { Resource } from "../resource.ts";
import { resources } from "../resources/mod.ts";

/** The listings that the options ask for; nodes and namespaces always, as everything hangs there. */
export function selected(
  { collect, no_collect }: Pick<K8sOptions, "collect" | "no_collect">,
): readonly Resource[] {
  const wanted: ReadonlySet<string> = new Set(collect);
  const unwanted: ReadonlySet<string> = new Set(no_collect);
  return resources.filter(({ collector, always }) =>
    always === true ||
    ((wanted.size === 0 || wanted.has(collector)) && !unwanted.has(collector))
  );
}

/** The calls for them, and those that belong to no listing. */
export function enabledCalls(options: K8sOptions, calls: readonly Call[]): readonly Call[] {
  const chosen = new Set(selected(options).map(({ kind }) => kind));
  const listed = new Set(resources.map(({ kind }) => kind));
  return calls.filter(({ kinds }) => kinds.some((kind) => chosen.has(kind) || !listed.has(kind)));
}
