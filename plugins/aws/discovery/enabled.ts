import type { Call } from "ckworker";
import catalog from "../catalog.json" with { type: "json" };
import type { AwsOptions } from "../options.ts";
import { Selection } from "../engine/selection.ts";
import { isServiceName, type ServiceName } from "../services.ts";

/** For each call, the names that have to be wanted, in one of the ways to make it. */
type Uses = Readonly<Record<string, readonly (readonly string[])[]>>;

const USES: Uses = catalog.uses;
/** The same for calls that are made in the partition's first region. */
const HOME: Uses = catalog.home;

/** The calls that a run with these options may make. */
export function enabledCalls(options: AwsOptions, calls: readonly Call[]): readonly Call[] {
  return calls.filter(({ call }) => isEnabled(call, USES, options));
}

/** A service that a run talks to. */
export interface EnabledService {
  readonly service: ServiceName;
  /** It is called in the partition's first region, whichever regions are collected. */
  readonly home: boolean;
}

/** The services that a run with these options talks to. */
export function enabledServices(options: AwsOptions): readonly EnabledService[] {
  const services = new Map<ServiceName, boolean>();
  for (const call of Object.keys(USES)) {
    const service = call.slice(0, call.indexOf(":"));
    if (!isServiceName(service) || !isEnabled(call, USES, options)) continue;
    const home = services.get(service) === true || isEnabled(call, HOME, options);
    services.set(service, home);
  }
  return [...services].map(([service, home]) => ({ service, home }));
}

function isEnabled(call: string, uses: Uses, options: AwsOptions): boolean {
  if (call === "organizations:ListAccounts" && !options.scrape_org) return false;
  if (call === "ec2:DescribeRegions" && options.region.length > 0) return false;
  if (call === "sts:AssumeRole" && options.role === undefined && options.org_role === undefined) {
    return false;
  }
  const selection = new Selection(options.collect, options.no_collect);
  return (uses[call] ?? []).some((names) => names.every((name) => selection.wants(name)));
}
