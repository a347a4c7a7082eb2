import { CkError } from "../../errors/mod.ts";
import type { Outcome, ScopeFault, ScopeResult } from "../../model/mod.ts";
import { CallFault } from "./call_fault.ts";

/** Distinct faults that one scope reports; more of them say nothing new. */
const MOST = 50;

/** Collects what went wrong in one scope and says how it ended. */
export class ScopeFaults {
  readonly #faults = new Map<string, ScopeFault>();
  readonly #byMessage: boolean;
  #lost: Outcome | undefined;
  #unread = false;
  #answered = false;

  /** @param byMessage faults that differ by their message alone are told apart; else they add up */
  constructor({ byMessage = false }: { readonly byMessage?: boolean } = {}) {
    this.#byMessage = byMessage;
  }

  /** The list is not whole: what is absent from it may exist. */
  lost(error: unknown, call: string): void {
    // That a part does not exist there says nothing about the parts that failed otherwise.
    if (this.#lost === undefined || this.#lost === "unsupported") this.#lost = outcomeOf(error);
    this.#add(error, call);
  }

  /** A value could not be read; the list is whole. */
  unread(error: unknown, call: string): void {
    this.#unread = true;
    this.#add(error, call);
  }

  /** A page of the list was answered, so it is none that does not exist there. */
  answered(): void {
    this.#answered = true;
  }

  /** Whether that was told. */
  get isAnswered(): boolean {
    return this.#answered;
  }

  /** Whether every object of the scope was listed. */
  get isListed(): boolean {
    return this.#lost === undefined || this.#lost === "unsupported";
  }

  /** How the scope ended. */
  result(): ScopeResult {
    const lost = this.#lost === "unsupported" && this.#answered ? "failed" : this.#lost;
    return {
      outcome: lost ?? (this.#unread ? "partial" : "complete"),
      faults: [...this.#faults.values()],
    };
  }

  #add(error: unknown, call: string): void {
    const fault = toScopeFault(error, call);
    const apart = this.#byMessage ? fault.message : undefined;
    const key = [fault.call, fault.code, fault.permission, fault.policy, apart].join(" ");
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
