/** A kind of task that this worker does, in the words of a new core. */
export interface TaskOffer {
  /** `tag`, or the name of a command that the core offers its users. */
  readonly name: string;
  readonly info?: string;
  readonly description?: string;
  /** Which nodes: for each of these attributes the values that are taken; `{ cloud: ["aws"] }`. */
  readonly filter?: Readonly<Record<string, readonly string[]>>;
  /** The result is a node. */
  readonly expectNodeResult?: boolean;
  readonly argsDescription?: Readonly<Record<string, string>>;
  /** Kind of the nodes that the command may be used on. */
  readonly allowedOnKind?: string;
}

/** Path of the work queue at an old core, which knows `tag` tasks and one filter. */
export function taggingPath(offers: readonly TaskOffer[]): string {
  const query = new URLSearchParams({ task: "tag" });
  const filters = offers.filter(({ name }) => name === "tag").map(({ filter = {} }) => filter);
  for (const key of new Set(filters.flatMap((filter) => Object.keys(filter)))) {
    const values = filters.map((filter) => filter[key] ?? []);
    // One offer without the filter takes everything.
    if (values.some(({ length }) => length === 0)) continue;
    query.set(key, [...new Set(values.flat())].join(","));
  }
  return `/work/queue?${query}`;
}

/** First message to a new core. */
export function offerMessage(offers: readonly TaskOffer[]): string {
  return JSON.stringify(offers.map((offer) => ({
    name: offer.name,
    info: offer.info ?? "",
    description: offer.description ?? "",
    filter: offer.filter ?? {},
    expect_node_result: offer.expectNodeResult ?? false,
    args_description: offer.argsDescription ?? {},
    allowed_on_kind: offer.allowedOnKind ?? null,
  })));
}
