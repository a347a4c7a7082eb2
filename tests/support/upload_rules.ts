/** A line of a dump, as far as the rules of an upload need it. */
interface Line {
  readonly id?: string;
  readonly reported?: { readonly kind: string };
  readonly replace?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly edge_type?: string;
}

/**
 * What a core would refuse in the text of a `graph.dump.json`, written anew from the wire's rules:
 * nodes before edges, each id once, both ends of every edge there, one root to which every node
 * leads back by dependency edges, no cycle, something to replace.
 */
export function uploadProblems(dump: string): string[] {
  const lines: Line[] = dump.trimEnd().split("\n").map((line) => JSON.parse(line));
  const nodes = lines.filter((line) => line.reported !== undefined);
  const edges = lines.filter((line) => line.from !== undefined);
  const ids = new Set(nodes.map(({ id }) => id));
  const lost = edges.filter(({ from, to }) => !ids.has(from) || !ids.has(to));
  const roots = rootsOf(ids, edges.filter(({ edge_type }) => edge_type === undefined));
  const rootKinds = nodes.filter(({ id }) => roots.includes(id)).map((n) => n.reported?.kind);
  return [
    ...(lines.slice(0, nodes.length).every((line) => line.reported) ? [] : ["an edge comes early"]),
    ...(ids.size === nodes.length ? [] : ["an id comes twice"]),
    ...lost.map(({ from, to }) => `edge ${from} → ${to} has no end`),
    ...(rootKinds.join() === "graph_root" ? [] : [`the roots are ${rootKinds.join(", ")}`]),
    ...[undefined, "delete"].filter((type) => hasCycle(edges.filter((e) => e.edge_type === type)))
      .map((type) => `${type ?? "dependency"} edges form a cycle`),
    ...(nodes.length === 1 || nodes.some(({ replace }) => replace) ? [] : ["nothing is replaced"]),
  ];
}

function rootsOf(ids: ReadonlySet<string | undefined>, edges: readonly Line[]) {
  const children = new Set(edges.map(({ to }) => to));
  return [...ids].filter((id) => !children.has(id));
}

/** Takes nodes without incoming edges away until none is left; what remains turns in circles. */
function hasCycle(edges: readonly Line[]): boolean {
  let rest = edges;
  for (;;) {
    const children = new Set(rest.map(({ to }) => to));
    const next = rest.filter(({ from }) => children.has(from));
    if (next.length === rest.length) return rest.length > 0;
    rest = next;
  }
}
