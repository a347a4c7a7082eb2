/** A node on the way down. */
interface Visit {
  readonly key: number;
  readonly below: readonly number[];
  next: number;
}

/**
 * Strongly connected groups of everything that can be reached downwards, each after all groups below
 * it: one node each where the graph has no cycle. Deep graphs need no deep stack.
 * @param below what has to come before a node
 */
export function components(
  starts: Iterable<number>,
  below: (key: number) => readonly number[],
): readonly (readonly number[])[] {
  const found: number[][] = [];
  const index = new Map<number, number>();
  const low = new Map<number, number>();
  const open: number[] = [];
  const isOpen = new Set<number>();
  const visits: Visit[] = [];
  const enter = (key: number) => {
    index.set(key, index.size);
    low.set(key, index.size - 1);
    open.push(key);
    isOpen.add(key);
    visits.push({ key, below: below(key), next: 0 });
  };
  const lower = (key: number, to: number | undefined) =>
    low.set(key, Math.min(low.get(key) ?? 0, to ?? 0));
  const close = (key: number) => {
    const group: number[] = [];
    for (let last = open.pop(); last !== undefined; last = open.pop()) {
      isOpen.delete(last);
      group.push(last);
      if (last === key) break;
    }
    found.push(group);
  };
  for (const start of starts) {
    if (index.has(start)) continue;
    enter(start);
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const child = visit.below[visit.next++];
      if (child !== undefined) {
        if (!index.has(child)) enter(child);
        else if (isOpen.has(child)) lower(visit.key, index.get(child));
        continue;
      }
      visits.pop();
      if (low.get(visit.key) === index.get(visit.key)) close(visit.key);
      const above = visits.at(-1);
      if (above !== undefined) lower(above.key, low.get(visit.key));
    }
  }
  return found;
}
