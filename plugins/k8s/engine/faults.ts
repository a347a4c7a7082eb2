import { CkError, type Outcome, type ScopeFault, type ScopeResult } from "ckworker";
import { CallFault } from "../client/call_fault.ts";

/** Distinct faults that one scope reports; more of them say nothing new. */
const MOST = 50;

/** Collects what went wrong in one scope and says how it ended. */
export class Faults {
  readonly #faults = new Map<string, ScopeFault>();
  #lost: Outcome | undefined;
  #unread = false;

  /** The list is not whole: what is absent from it may exist. */
  lost(error: unknown, call: string): void {
    this.#lost ??= outcomeOf(error);
    this.#add(toScopeFault(error, call));
  }

  /** A value could not be read; the list is whole. */
  unread(fault: ScopeFault): void {
    this.#unread = true;
    this.#add(fault);
  }

  /** Whether every object of the scope was listed. */
  get isListed(): boolean {
    return this.#lost === undefined || this.#lost === "unsupported";
  }

  /** How the scope ended. */
  result(): ScopeResult {
    return {
      outcome: this.#lost ?? (this.#unread ? "partial" : "complete"),
      faults: [...this.#faults.values()],
    };
  }

  #add(fault: ScopeFault): void {
    const key = [fault.call, fault.code, fault.permission, fault.message].join(" ");
    const known = this.#faults.get(key);
    if (known !== undefined) {
      this.#faults.set(key, { ...known, count: known.count + fault.count });
    } else if (this.#faults.size < MOST) {
      this.#faults.set(key, fault);
    }
  }
}

/** What an error means for a scope whose list it broke. */
export function outcomeOf(error: unknown): Outcome {
  return error instanceof CallFault ? error.outcome : "failed";
}

/** An error as data for the ledger; `call` is what was going on when it is not the error of a call. */
export function toScopeFault(error: unknown, call: string): ScopeFault {
  if (error instanceof CallFault) return error.scopeFault;
  if (error instanceof CkError) {
    const message = [error.message, error.hint].filter((each) => each !== undefined).join(". ");
    return { call, code: error.code, message, count: 1 };
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return { call, code: name, message, count: 1 };
}
