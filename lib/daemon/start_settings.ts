import type { Orders } from "./request.ts";

type Held = Pick<Orders, "graph" | "timeoutSeconds" | "clouds">;

/** What a worker tells its core when it starts, under the keys of a core's document. */
const AT_START: Readonly<Record<string, (orders: Held) => unknown>> = {
  graph: ({ graph }) => graph,
  timeout: ({ timeoutSeconds }) => timeoutSeconds,
  collector: ({ clouds }) => clouds.toSorted().join(),
};

/**
 * Keys whose change waits for the next start: the name of the graph, the time of an action as the
 * core knows it, and the clouds whose tag tasks are taken. Collections heed `collector` at once.
 */
export function heldUntilStart(before: Held, after: Held): readonly string[] {
  return Object.entries(AT_START).filter(([, of]) => of(before) !== of(after)).map(([key]) => key);
}
