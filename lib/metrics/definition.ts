/** One metric: everything that a scraper and the documentation say about it. */
export interface Definition {
  readonly name: string;
  /** A summary exports `NAME_count` and `NAME_sum`, no quantiles. */
  readonly type: "counter" | "gauge" | "summary";
  readonly labels: readonly string[];
  /** One sentence without its dot; units are in it or in the name. */
  readonly help: string;
}
