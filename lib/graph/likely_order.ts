/**
 * An order of nodes in which most edges lead forward, and all if there is no cycle: a depth-first
 * walk, numbered from behind. Linear and without recursion.
 * @param outgoing nodes to which edges lead, by node
 * @returns position by node
 */
export function likelyOrder(outgoing: readonly (readonly number[])[]): Uint32Array {
  const position = new Uint32Array(outgoing.length);
  const next = new Uint32Array(outgoing.length);
  const seen = new Uint8Array(outgoing.length);
  let last = outgoing.length;
  for (let start = 0; start < outgoing.length; start++) {
    const path = seen[start] === 1 ? [] : [start];
    seen[start] = 1;
    for (let node = path.at(-1); node !== undefined; node = path.at(-1)) {
      const at = next[node] ?? 0;
      const to = outgoing[node]?.[at];
      next[node] = at + 1;
      if (to === undefined) {
        path.pop();
        position[node] = --last;
      } else if (seen[to] === 0) {
        seen[to] = 1;
        path.push(to);
      }
    }
  }
  return position;
}
