import { Counter, Gauge, Registry, Summary } from "prom-client";
import { AWS_METRICS, AWS_SECONDS } from "./aws_metrics.ts";
import { DAEMON_METRICS } from "./daemon_metrics.ts";
import type { Definition } from "./definition.ts";
import { ORIGINAL_METRICS } from "./original_metrics.ts";
import { RUN_METRICS } from "./run_metrics.ts";

/** Every metric there is, in the order in which they are shown. */
export const DEFINITIONS = [
  ...RUN_METRICS,
  ...DAEMON_METRICS,
  ...ORIGINAL_METRICS,
  ...AWS_METRICS,
  ...AWS_SECONDS,
] as const satisfies readonly Definition[];

type Defined = typeof DEFINITIONS[number];
type NameOf<T extends Definition["type"]> = Extract<Defined, { readonly type: T }>["name"];
export type CounterName = NameOf<"counter">;
export type GaugeName = NameOf<"gauge">;
export type SummaryName = NameOf<"summary">;

/** A value for each label of a metric. */
export type LabelsOf<N extends Defined["name"]> = Readonly<
  Record<Extract<Defined, { readonly name: N }>["labels"][number], string>
>;

/** The metrics with their values. Only names and labels of {@link DEFINITIONS} can be used. */
export class MetricSet {
  readonly #registry = new Registry();
  readonly #counters = new Map<string, Counter>();
  readonly #gauges = new Map<string, Gauge>();
  readonly #summaries = new Map<string, Summary>();

  constructor() {
    for (const { name, type, labels, help } of DEFINITIONS) {
      const config = { name, help, labelNames: [...labels], registers: [this.#registry] };
      if (type === "counter") this.#counters.set(name, new Counter(config));
      else if (type === "gauge") this.#gauges.set(name, new Gauge(config));
      else this.#summaries.set(name, new Summary({ ...config, percentiles: [] }));
    }
    // Nothing is known yet, and a time of 0 would be one.
    for (const gauge of this.#gauges.values()) forgetAll(gauge);
  }

  /** Media type of {@link render}. */
  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Adds to a counter; a value that is no number, negative or infinite adds nothing. */
  add<N extends CounterName>(name: N, labels: LabelsOf<N>, value = 1): void {
    if (Number.isFinite(value) && value >= 0) this.#counters.get(name)?.inc(clean(labels), value);
  }

  /** Makes a counter show a total that is counted elsewhere. */
  total<N extends CounterName>(name: N, labels: LabelsOf<N>, value: number): void {
    this.#counters.get(name)?.remove(clean(labels));
    this.add(name, labels, value);
  }

  /** Sets a gauge; a value that is no number is not shown. */
  set<N extends GaugeName>(name: N, labels: LabelsOf<N>, value: number): void {
    if (Number.isFinite(value)) this.#gauges.get(name)?.set(clean(labels), value);
  }

  /** Adds one measurement to a summary. */
  observe<N extends SummaryName>(name: N, labels: LabelsOf<N>, value: number): void {
    if (Number.isFinite(value)) this.#summaries.get(name)?.observe(clean(labels), value);
  }

  /** Makes gauges show nothing until they are set again. */
  forget(...names: readonly GaugeName[]): void {
    for (const name of names) {
      const gauge = this.#gauges.get(name);
      if (gauge !== undefined) forgetAll(gauge);
    }
  }

  /** All metrics in the text format 0.0.4. */
  render(): Promise<string> {
    return this.#registry.metrics();
  }
}

/** The library sets a gauge without labels back to 0; removing it then leaves nothing. */
function forgetAll(gauge: Gauge): void {
  gauge.reset();
  gauge.remove({});
}

/** Longest value of a label, characters. */
const LONGEST = 200;

/** Names come from clouds and guests: no control characters, no endless ones. */
function clean(labels: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(labels).map(([name, value]) => [name, cleanValue(value)]),
  );
}

function cleanValue(value: string): string {
  // deno-lint-ignore no-control-regex
  const text = value.toWellFormed().replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, " ");
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;
}
