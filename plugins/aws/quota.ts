import type { Companion, Operation } from "./resource.ts";

/** Lists the quotas of one service in one region. */
export const LIST_QUOTAS: Operation = {
  operation: "ListServiceQuotas",
  service: "service-quotas",
  result: "Quotas[]",
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
    list: {
      operations: of === undefined ? [] : [LIST_QUOTAS],
      async *make(tools) {
        const value = of === undefined ? undefined : await tools.quota(...of);
        yield { Id: id, Value: value };
      },
    },
    properties: { quota: { value: "Value", default: -1 } },
  };
}
