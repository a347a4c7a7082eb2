import { listsOf } from "../../../plugins/gcp/engine/lists.ts";
import type { Operation } from "../../../plugins/gcp/engine/operations.ts";
import { methodFor, type Resource } from "../../../plugins/gcp/resource.ts";
import type { ServiceName } from "../../../plugins/gcp/services.ts";
import { type OperationFacts, schemaFacts, serviceFacts } from "./facts.ts";

/** Why an operation is made, and for which kinds. */
export interface Use {
  readonly service: ServiceName;
  readonly operation: string;
  readonly purpose: "read" | "change";
  readonly kinds: readonly string[];
}

/** Operations by which a change that goes on is watched, where it is not the usual one. */
const WAITING: Readonly<Record<string, readonly string[]>> = {
  compute: ["globalOperations.get", "regionOperations.get", "zoneOperations.get"],
  firestore: ["projects.databases.operations.get"],
  // What these change is so at once.
  pubsub: [],
  sqladmin: ["operations.get"],
};
const EMPTYING = ["objects.delete", "objects.list"] as const;

/** Every operation that the declarations ask for, each once for each purpose. */
export function usesOf(resources: readonly Resource[]): readonly Use[] {
  const uses = resources.flatMap((resource) => [...readsOf(resource), ...changesOf(resource)]);
  const merged = new Map<string, Use>();
  for (const use of uses) {
    const key = `${use.purpose} ${use.service}:${use.operation}`;
    const known = merged.get(key)?.kinds ?? [];
    merged.set(key, { ...use, kinds: [...new Set([...known, ...use.kinds])].sort() });
  }
  return [...merged].sort(([a], [b]) => a < b ? -1 : 1).map(([, use]) => use);
}

/** What the plugin knows of its operations at run time. */
export function operationsOf(resources: readonly Resource[]): Readonly<Record<string, unknown>> {
  const services: Record<string, Record<string, Operation>> = {};
  for (const { service, operation } of usesOf(resources)) {
    const facts = factsOf(service, operation);
    (services[service] ??= {})[operation] = toOperation(service, operation, facts);
  }
  return Object.fromEntries(
    Object.entries(services).sort().map(([service, operations]) => {
      const { root, base, hosts } = serviceFacts(service);
      return [service, {
        root,
        base,
        ...(hosts === undefined ? {} : { hosts }),
        operations: Object.fromEntries(Object.entries(operations).sort()),
      }];
    }),
  );
}

function readsOf(resource: Resource): readonly Use[] {
  const { kind, service, collections, source, attach } = resource;
  const read = (operation: string, of = service): Use => ({
    service: of,
    operation,
    purpose: "read",
    kinds: [kind],
  });
  const lists = listsOf(resource, (operation) => operation in serviceFacts(service).operations)
    .map(({ operation }) => read(operation));
  return [
    ...lists,
    ...(source === "projects" ? [read("projects.getAncestry"), read("projects.list")] : []),
    ...(source === "used" ? existing(service, collections, "get").map((each) => read(each)) : []),
    ...(attach?.operations ?? []).map((each) => read(each, attach?.service)),
  ];
}

function changesOf(resource: Resource): readonly Use[] {
  const { kind, service, collections, labelling, deletable, prepare, attach } = resource;
  if (labelling === undefined && deletable !== true) return [];
  const methods = [
    "get",
    ...(deletable === true ? ["delete"] : []),
    ...(labelling === undefined ? [] : [methodFor(labelling)]),
  ];
  const operations = [
    ...methods.flatMap((method) => existing(service, collections, method)),
    ...WAITING[service] ?? existing(service, ["projects.locations.operations"], "get"),
    ...(prepare === undefined ? [] : EMPTYING),
  ];
  const attached = (attach?.operations ?? []).map((operation): Use => ({
    service: attach?.service ?? service,
    operation,
    purpose: "change",
    kinds: [kind],
  }));
  return [
    ...operations.map((operation): Use => ({
      service,
      operation,
      purpose: "change",
      kinds: [kind],
    })),
    ...attached,
  ];
}

/** The operations that there are: not every collection of a kind has every method. */
function existing(
  service: ServiceName,
  collections: readonly string[],
  method: string,
): readonly string[] {
  const { operations } = serviceFacts(service);
  return collections.map((each) => `${each}.${method}`).filter((each) => each in operations);
}

function factsOf(service: ServiceName, operation: string): OperationFacts {
  const found = serviceFacts(service).operations[operation];
  if (found === undefined) throw new Error(`facts.json has no ${service}:${operation}`);
  return found;
}

function toOperation(service: ServiceName, name: string, facts: OperationFacts): Operation {
  const { path, parameters } = facts;
  const query = Object.keys(parameters).filter((each) => parameters[each]?.includes("query "));
  const size = query.find((each) => each === "maxResults" || each === "pageSize");
  return {
    method: methodOf(facts.method),
    path,
    query,
    ...(size === undefined ? {} : { size }),
    ...(/\.(list|aggregatedList|listInstances)$/.test(name) ? itemsOf(service, facts) : {}),
  };
}

function methodOf(method: string): Operation["method"] {
  if (method === "GET" || method === "POST" || method === "PATCH" || method === "DELETE") {
    return method;
  }
  throw new Error(`there is no call with ${method}`);
}

/** Members that every list has beside its objects. */
const OTHERS: ReadonlySet<string> = new Set([
  "missingZones",
  "prefixes",
  "unreachable",
  "unreachables",
  "warnings",
]);

/** Where the objects are in an answer: in a list, or by location and there in a list. */
function itemsOf(service: ServiceName, { response = "" }: OperationFacts) {
  const members = Object.entries(schemaFacts(service, response) ?? {})
    .filter(([name]) => !OTHERS.has(name));
  const located = members.find(([, type]) => type.startsWith("dictionary["));
  if (located !== undefined) {
    const [items, type] = located;
    const scoped = schemaFacts(service, type.slice("dictionary[".length, -1)) ?? {};
    const [inner] = Object.keys(scoped).filter((name) => scoped[name]?.endsWith("[]"));
    if (inner === undefined) throw new Error(`${response} holds no list`);
    return { items, inner };
  }
  const [items] = members.find(([, type]) => type.endsWith("[]")) ?? [];
  if (items === undefined) throw new Error(`${response} holds no list`);
  return { items };
}
