import type { Call } from "ckworker";
import catalog from "./catalog.json" with { type: "json" };
import type { AwsOptions } from "./options.ts";
import { Selection } from "./selection.ts";
import { isServiceName, type ServiceName } from "./services.ts";

/** For each call, the names that have to be wanted, in one of the ways to make it. */
const USES: Readonly<Record<string, readonly (readonly string[])[]>> = catalog.uses;

/** The calls that a run with these options may make. */
export function enabledCalls(options: AwsOptions, calls: readonly Call[]): readonly Call[] {
  return calls.filter(({ call }) => isEnabled(call, options));
}

/** The services that a run with these options talks to. */
export function enabledServices(options: AwsOptions): readonly ServiceName[] {
  const names = Object.keys(USES).filter((call) => isEnabled(call, options))
    .map((call) => call.slice(0, call.indexOf(":")));
  return [...new Set(names)].filter(isServiceName);
}

function isEnabled(call: string, options: AwsOptions): boolean {
  if (call === "organizations:ListAccounts" && !options.scrape_org) return false;
  if (call === "ec2:DescribeRegions" && options.region.length > 0) return false;
  if (call === "sts:AssumeRole" && options.role === undefined && options.org_role === undefined) {
    return false;
  }
  const selection = new Selection(options.collect, options.no_collect);
  return (USES[call] ?? []).some((names) => names.every((name) => selection.wants(name)));
}
