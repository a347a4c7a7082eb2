import type { Companion, Hook, Operation, Raw, Tools } from "../resource.ts";

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
    description: of === undefined
      ? "A limit that Service Quotas does not know: always −1."
      : `The limit "${of[1]}" of the service ${of[0]}.`,
    phantom: true,
    id: "Id",
    list: { operations: [], make: () => [{ Id: id }] },
    ...(of === undefined ? {} : { attach: { Value: quotas(of[0], () => [of[1]]) } }),
    properties: { quota: { value: "Value", default: -1 } },
  };
}

/**
 * The limit for each structure.
 * @param names names that it has or had at Service Quotas; the first one that exists counts
 */
export function quotas(service: string, names: (raw: Raw) => readonly string[]): Hook {
  return {
    operations: [LIST_QUOTAS],
    option: "quotas",
    run: (raws, tools) => Promise.all(raws.map((raw) => firstOf(service, names(raw), tools))),
  };
}

async function firstOf(
  service: string,
  names: readonly string[],
  tools: Tools,
): Promise<number | undefined> {
  for (const name of names) {
    const value = await tools.quota(service, name);
    if (value !== undefined) return value;
  }
  return undefined;
}
