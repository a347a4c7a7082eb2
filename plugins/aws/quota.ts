import type { Companion, Hook, Operation } from "./resource.ts";
import { text } from "./path.ts";

/** Lists the quotas of one service in one region. */
export const LIST_QUOTAS: Operation = {
  operation: "ListServiceQuotas",
  service: "service-quotas",
  result: "Quotas[]",
  // A service without quotas in this region.
  none: ["NoSuchResource"],
};

/** A quota node that stands once in the region of the resource it limits. */
export interface QuotaDeclaration {
  readonly kind: string;
  readonly bases: readonly string[];
  readonly pythonClass: string;
  /** Id and name of the node. */
  readonly id: string;
  /** Service code and name at Service Quotas; absent where AWS has no such quota: it is −1 then. */
  readonly of?: readonly [service: string, name: string];
}

/** The companion of a resource that is its quota; the resource declares the edge from it. */
export function quota({ kind, bases, pythonClass, id, of }: QuotaDeclaration): Companion {
  return {
    kind,
    bases,
    pythonClass,
    phantom: true,
    id: "Id",
    list: { operations: [], make: () => [{ Id: id }] },
    ...(of === undefined ? {} : { attach: { Value: quotaValue(of[0], () => of[1]) } }),
    properties: { quota: { value: "Value", default: -1 } },
  };
}

/** The value of a quota for each structure; `name` gives the quota's name, or undefined for none. */
export function quotaValue(service: string, name: (id: string) => string | undefined): Hook {
  return {
    operations: [LIST_QUOTAS],
    option: "quotas",
    run: (raws, tools) =>
      Promise.all(raws.map((raw) => {
        const wanted = name(text(raw, "Id") ?? "");
        return wanted === undefined ? undefined : tools.quota(service, wanted);
      })),
  };
}
