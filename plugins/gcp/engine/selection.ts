import type { Call } from "ckworker";
import { DEFAULT, type GcpOptions } from "../options.ts";
import type { Resource } from "../resource.ts";
import { resources } from "../resources/mod.ts";
import type { ServiceName } from "../services.ts";
import { SKU_KIND } from "./base.ts";

/** Asked only to tell which projects lie below a folder or organization. */
const ANCESTRY = "cloudresourcemanager:projects.getAncestry";

type Choice = Pick<GcpOptions, "collect" | "no_collect">;

/** The kinds that the options ask for; projects, regions and zones always, as everything hangs there. */
export function selected(options: Choice): readonly Resource[] {
  const chosen = choose(options);
  return resources.filter(({ kind, collector, onRequest }) =>
    collector === undefined
      ? kind !== SKU_KIND || chosen("services", false)
      : chosen(collector, onRequest === true)
  );
}

/** Whether a part that is no kind is wanted. */
export function wants({ no_collect }: Choice, part: "quotas"): boolean {
  return !no_collect.includes(part);
}

/** APIs that a run with these options calls. */
export function enabledServices(options: Choice): readonly ServiceName[] {
  return [...new Set(selected(options).map(({ service }) => service))].sort();
}

/** The calls for what is asked for, and those that belong to no kind. */
export function enabledCalls(options: GcpOptions, calls: readonly Call[]): readonly Call[] {
  const chosen = new Set(selected(options).map(({ kind }) => kind));
  const services: ReadonlySet<string> = new Set(enabledServices(options));
  const asksPlaces = options.folder.length + options.organization.length > 0;
  return calls.filter(({ call, kinds }) => {
    if (kinds.length === 0) return true;
    if (call === ANCESTRY && !asksPlaces) return false;
    const [service = ""] = call.split(":");
    return services.has(service) && kinds.some((kind) => chosen.has(kind));
  });
}

function choose(
  { collect, no_collect }: Choice,
): (collector: string, onRequest: boolean) => boolean {
  const wanted: ReadonlySet<string> = new Set(collect);
  const unwanted: ReadonlySet<string> = new Set(no_collect);
  const isDefault = wanted.size === 0 || wanted.has(DEFAULT);
  return (collector, onRequest) =>
    (wanted.has(collector) || (isDefault && !onRequest)) && !unwanted.has(collector);
}
