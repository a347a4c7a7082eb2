import { type BadLine } from "./record.ts";
import { type ScopeFault, type ScopeResult } from "ckworker";

/** What a fault means: records are missing, or values of records that are there. */
export type Weight = "lost" | "unread";

interface Finding {
  readonly weight: Weight;
  readonly fault: ScopeFault;
}

/** What is wrong with records, by the place that they are of or might be of. */
export class Findings {
  readonly #call: string;
  readonly #byPlace = new Map<number | undefined, Map<string, Finding>>();

  /** @param call what is going on, for the ledger */
  constructor(call: string) {
    this.#call = call;
  }

  /** @param place number of a place; undefined when the record does not tell: it may be of any */
  add(
    place: number | undefined,
    weight: Weight,
    { code, message }: Pick<BadLine, "code" | "message">,
  ): void {
    let findings = this.#byPlace.get(place);
    if (findings === undefined) this.#byPlace.set(place, findings = new Map());
    const key = `${weight} ${code}`;
    const count = (findings.get(key)?.fault.count ?? 0) + 1;
    const known = findings.get(key)?.fault.message ?? message;
    const fault = { call: this.#call, code, message: known, count };
    findings.set(key, { weight, fault });
  }

  /** How a place ends when everything else was taken. */
  result(place: number): ScopeResult {
    const all = [place, undefined].flatMap((key) => [...this.#byPlace.get(key)?.values() ?? []]);
    const faults = all.map(({ fault }) => fault);
    if (all.some(({ weight }) => weight === "lost")) return { outcome: "failed", faults };
    return { outcome: all.length > 0 ? "partial" : "complete", faults };
  }

  /** The first of those that are of no place. */
  get first(): ScopeFault | undefined {
    return this.#byPlace.get(undefined)?.values().next().value?.fault;
  }
}
