import type { ProgressEvent } from "../collect/mod.ts";
import type { AccountProgress, ProblemStatus, RunningStatus } from "../web/mod.ts";

/** Problems that are remembered. */
const PROBLEMS = 20;

/** What happens now: the actions that run, and what went wrong beside them. */
export class Live {
  readonly #actions = new Set<LiveAction>();
  readonly #problems = new Map<string, ProblemStatus>();

  /** Begins an action; dispose it when it ends. */
  begin(id: string, action: string, startedAt: Date): LiveAction {
    const live = new LiveAction(id, action, startedAt, () => void this.#actions.delete(live));
    this.#actions.add(live);
    return live;
  }

  get running(): readonly RunningStatus[] {
    return [...this.#actions].map((action) => action.status);
  }

  /** @param subject what it is about: a later problem of the same subject replaces it */
  problem(subject: string, problem: ProblemStatus): void {
    this.#problems.delete(subject);
    this.#problems.set(subject, problem);
    const [oldest] = this.#problems.keys();
    if (this.#problems.size > PROBLEMS && oldest !== undefined) this.#problems.delete(oldest);
  }

  /** It is over. */
  solved(subject: string): void {
    this.#problems.delete(subject);
  }

  get problems(): readonly ProblemStatus[] {
    return [...this.#problems.values()];
  }
}

/** An action on its way. */
export class LiveAction implements Disposable {
  readonly #facts: Omit<RunningStatus, "accounts">;
  readonly #accounts = new Map<string, AccountProgress>();
  readonly #ended: () => void;

  constructor(id: string, action: string, startedAt: Date, ended: () => void) {
    this.#facts = { id, action, startedAt: startedAt.toISOString() };
    this.#ended = ended;
  }

  progress(event: ProgressEvent): void {
    const { cloud, account } = event;
    this.#accounts.set(`${cloud}/${account}`, { ...event, name: account });
  }

  get status(): RunningStatus {
    return { ...this.#facts, accounts: [...this.#accounts.values()] };
  }

  [Symbol.dispose](): void {
    this.#ended();
  }
}
