import type { GcpOptions } from "../options.ts";

/** Addresses in place of Google's by service, without a slash at their ends; `*` for all others. */
export function endpointsOf(
  { endpoint_url }: Pick<GcpOptions, "endpoint_url">,
): ReadonlyMap<string, string> {
  return new Map(endpoint_url.map((given) => {
    const service = /^([a-z]+)=/.exec(given)?.[1];
    const url = service === undefined ? given : given.slice(service.length + 1);
    return [service ?? "*", url.replace(/\/+$/, "")];
  }));
}
