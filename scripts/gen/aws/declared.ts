import { account, ENGINE_CALLS, region } from "../../../plugins/aws/engine/base.ts";
import type {
  Batch,
  Change,
  Hook,
  NodeDeclaration,
  Operation,
  Resource,
} from "../../../plugins/aws/resource.ts";
import type { ServiceName } from "../../../plugins/aws/services.ts";

/** A kind where it is declared. */
export interface DeclaredNode {
  readonly declaration: NodeDeclaration;
  readonly service: ServiceName;
  /** How its structures are listed; a path leads into those of the kind above. */
  readonly lists: readonly (Operation | string)[];
  readonly above: DeclaredNode | undefined;
  /** Name for `--aws-collect`; undefined for what is always collected. */
  readonly collector: string | undefined;
  /** Its calls are made in the partition's first region. */
  readonly home: boolean;
  /** Kind whose name is the resource of the scope that its nodes lie in. */
  readonly listing: string;
}

/** A call with the kinds that need it and the names under which it can be left out. */
export interface DeclaredCall {
  readonly service: ServiceName;
  readonly operation: Operation | Change;
  readonly purpose: "read" | "change";
  readonly kinds: readonly string[];
  readonly names: readonly string[];
  /** Made in the partition's first region rather than in each. */
  readonly home: boolean;
}

/** All kinds of the declarations, parents before children. */
export function declaredNodes(resources: readonly Resource[]): readonly DeclaredNode[] {
  const base = [account, region].map((declaration): DeclaredNode => ({
    declaration,
    service: "iam",
    lists: [],
    above: undefined,
    collector: undefined,
    home: true,
    listing: declaration.kind,
  }));
  return [...base, ...resources.flatMap(nodesOf)];
}

function nodesOf(resource: Resource): readonly DeclaredNode[] {
  const { service, collector, list, scope } = resource;
  const home = scope === "global";
  const root: DeclaredNode = {
    declaration: resource,
    service,
    lists: "operation" in list ? [list] : list,
    above: undefined,
    collector,
    home,
    listing: resource.kind,
  };
  const companions = (resource.companions ?? []).map((declaration): DeclaredNode => ({
    declaration,
    service,
    lists: [],
    above: undefined,
    collector,
    home,
    listing: resource.kind,
  }));
  return [root, ...companions].flatMap((node) => [node, ...below(node)]);
}

function below(above: DeclaredNode): readonly DeclaredNode[] {
  return (above.declaration.children ?? []).flatMap((declaration) => {
    // What is found inside a structure shares its scope; what is listed for each has its own.
    const listing = typeof declaration.list === "string" ? above.listing : declaration.kind;
    const node = { ...above, declaration, lists: [declaration.list], above, listing };
    return [node, ...below(node)];
  });
}

/** All calls of the declarations and of the engine. */
export function declaredCalls(resources: readonly Resource[]): readonly DeclaredCall[] {
  const base = declaredNodes([]).flatMap(readCalls);
  return [...engineCalls(), ...base, ...resources.flatMap(callsOf)];
}

function engineCalls(): readonly DeclaredCall[] {
  const { whoAmI, assumeRole, accounts, regions } = ENGINE_CALLS;
  const make = (
    operation: Operation & { service: ServiceName },
    kinds: readonly string[],
    purpose: "read" | "change" = "read",
  ) => ({ service: operation.service, operation, purpose, kinds, names: [], home: true });
  return [
    make(whoAmI, []),
    make(assumeRole, []),
    // Whoever changes something has to reach its account as well.
    make(whoAmI, [], "change"),
    make(assumeRole, [], "change"),
    make(accounts, [account.kind]),
    make(regions, [region.kind]),
  ];
}

function callsOf(resource: Resource): readonly DeclaredCall[] {
  const nodes = nodesOf(resource);
  const companions = (resource.companions ?? []).flatMap(({ kind, list }) =>
    list.operations.map((operation) => ({
      service: operation.service ?? resource.service,
      operation,
      purpose: "read" as const,
      kinds: [kind],
      names: [resource.collector, ...(list.option === undefined ? [] : [list.option])],
      home: resource.scope === "global",
    }))
  );
  return [...nodes.flatMap((node) => [...readCalls(node), ...changeCalls(node)]), ...companions];
}

function readCalls(node: DeclaredNode): readonly DeclaredCall[] {
  const { describe, attach, tags } = node.declaration;
  const lists = node.lists.filter((list) => typeof list !== "string");
  const plain: readonly (Operation | Batch)[] = [
    ...lists,
    ...(describe === undefined ? [] : [describe]),
    ...Object.values(attach ?? {}).flatMap((each) => isHook(each) ? [] : [each]),
    ...(typeof tags === "object" ? [tags] : []),
  ];
  const own = plain.map((operation) => readCall(node, operation, operation.option));
  const hooks = Object.values(attach ?? {}).filter(isHook);
  const hooked = hooks.flatMap(({ operations, option }) =>
    operations.map((operation) => readCall(node, operation, option))
  );
  return [...own, ...hooked];
}

function readCall(node: DeclaredNode, operation: Operation, option?: string): DeclaredCall {
  return {
    service: operation.service ?? node.service,
    operation,
    purpose: "read",
    kinds: [node.declaration.kind, ...kindsBelow(node.declaration)],
    names: [
      ...(node.collector === undefined ? [] : [node.collector]),
      ...(option === undefined ? [] : [option]),
    ],
    home: node.home,
  };
}

function changeCalls(node: DeclaredNode): readonly DeclaredCall[] {
  const { setTag = [], removeTag = [], prepare = [], delete: remove = [] } =
    node.declaration.change ?? {};
  const changes = [...setTag, ...removeTag, ...prepare, ...remove].flatMap((change) => {
    const make = (operation: Operation | Change, purpose: "read" | "change"): DeclaredCall => ({
      service: operation.service ?? node.service,
      operation,
      purpose,
      kinds: [node.declaration.kind],
      names: node.collector === undefined ? [] : [node.collector],
      home: node.home,
    });
    // What a change asks before or after itself is part of changing, not of collecting.
    return [
      make(change, "change"),
      ...(change.tags === undefined ? [] : [make(change.tags, "change")]),
      ...(change.each === undefined ? [] : [make(change.each, "change")]),
      ...(change.ready === undefined ? [] : [make(change.ready.operation, "change")]),
      ...(change.wait === undefined ? [] : [make(change.wait.operation, "change")]),
    ];
  });
  return [...changes, ...isReadable(node) ? rereadCalls(node) : []];
}

/** Whether a node can be asked for alone, which is done only before and after it is deleted. */
export function isReadable({ declaration, lists, above }: DeclaredNode): boolean {
  const isDeleted = (declaration.change?.delete ?? []).length > 0;
  // What lies below another node is listed with that one's help.
  const isListed = above === undefined && lists.length > 0;
  return isDeleted && (declaration.read !== undefined || isListed);
}

/** Whoever deletes a node reads it before and after, without what costs calls of its own. */
function rereadCalls(node: DeclaredNode): readonly DeclaredCall[] {
  const { read, describe, attach = {}, tags } = node.declaration;
  const found = read === undefined
    ? [...node.lists.filter((list) => typeof list !== "string"), ...describe ? [describe] : []]
    : [read];
  const attached = Object.values(attach).filter(({ option }) => option === undefined)
    .flatMap((each) => isHook(each) ? each.operations : [each]);
  return [...found, ...attached, ...typeof tags === "object" ? [tags] : []].map((operation) => ({
    ...readCall(node, operation),
    purpose: "change",
    kinds: [node.declaration.kind],
  }));
}

function kindsBelow({ children }: NodeDeclaration): readonly string[] {
  return (children ?? []).flatMap((child) => [child.kind, ...kindsBelow(child)]);
}

/** Whether an attached value is computed by a function. */
export function isHook(given: Operation | Batch | Hook): given is Hook {
  return "run" in given;
}
