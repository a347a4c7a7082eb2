import { type ActionMessage, answerProblem, type SentAction } from "./action_messages.ts";
import type { CoreClock } from "./clock.ts";
import type { CoreDialect } from "./dialect.ts";
import type { JsonObject } from "./json.ts";
import type { Observations } from "./observations.ts";
import type { Subscribers } from "./subscribers.ts";

/** One subscriber's answer to a step. */
export interface StepAnswer {
  readonly subscriber: string;
  readonly kind: "action_done" | "action_error";
  /** Text of the error; `n/a` when the worker gave none. */
  readonly error?: string;
}

/** A step that is under way or over. */
export interface StepState {
  readonly task: string;
  readonly step: string;
  readonly data: JsonObject;
  /** Subscribers that have not answered. */
  waiting: readonly string[];
  answers: readonly StepAnswer[];
  outcome?: "finished" | "timed_out" | "forgotten";
  /** What the newer worker told on the way. */
  readonly told: JsonObject[];
}

/** A task: steps one after the other. It outlives a restart. */
export interface TaskState {
  readonly id: string;
  readonly steps: readonly string[];
  /** Milliseconds that a step may take; the subscriptions say it when absent. */
  readonly timeoutMs?: number;
  readonly done: StepState[];
}

/** Sends steps to subscribers and gathers what they answer. */
export class Workflows {
  readonly tasks = new Map<string, TaskState>();
  readonly #dialect: CoreDialect;
  readonly #clock: CoreClock;
  readonly #subscribers: Subscribers;
  readonly #observations: Observations;
  readonly #changed: () => void;

  constructor(
    dialect: CoreDialect,
    clock: CoreClock,
    subscribers: Subscribers,
    observations: Observations,
    changed: () => void,
  ) {
    this.#dialect = dialect;
    this.#clock = clock;
    this.#subscribers = subscribers;
    this.#observations = observations;
    this.#changed = changed;
  }

  /** Begins a task; {@link run} takes it to its end. */
  start(steps: readonly string[], timeoutMs?: number): TaskState {
    const id = crypto.randomUUID().replace(/^(.{14})4/, "$11");
    const task = { id, steps, done: [], ...(timeoutMs === undefined ? {} : { timeoutMs }) };
    this.tasks.set(id, task);
    return task;
  }

  /**
   * Takes a task to its end, step by step; goes on where it was left.
   * @throws the signal's reason when the test gives up
   */
  async run(task: TaskState, signal: AbortSignal): Promise<readonly StepState[]> {
    for (const [at, step] of task.steps.entries()) {
      if (!this.tasks.has(task.id)) break;
      const state = task.done[at] ?? this.#begin(task, step);
      if (state.outcome === undefined) await this.#finish(task, state, signal);
    }
    return task.done;
  }

  /** Loses every task, as if there had been none. */
  forget(): void {
    for (const { done } of this.tasks.values()) {
      for (const state of done) state.outcome ??= "forgotten";
    }
    this.tasks.clear();
    this.#observations.changed();
  }

  /** Sends again what this subscriber has not answered. */
  replay(subscriber: string, send: (action: JsonObject) => void): void {
    for (const state of this.#running()) {
      if (state.waiting.includes(subscriber)) send(action(state));
    }
  }

  /** Takes what a subscriber says. @returns what is wrong with it */
  take(subscriber: string, message: ActionMessage): string | undefined {
    const { task, step } = message.data;
    const state = this.#running().find((each) => each.task === task && each.step === step);
    const isAnswer = message.kind === "action_done" || message.kind === "action_error";
    if (state === undefined || (isAnswer && !state.waiting.includes(subscriber))) {
      this.#observations.late.push(`${subscriber}: ${message.kind} for ${step} of ${task}`);
      return undefined;
    }
    if (!isAnswer) {
      state.told.push({ kind: message.kind, ...message.data });
      return message.message_type === step ? undefined : `message_type is not ${step}`;
    }
    const problem = answerProblem(message, { message_type: step, data: state.data });
    if (problem !== undefined) return problem;
    const error = message.kind === "action_error" ? message.data.error ?? "n/a" : undefined;
    state.waiting = state.waiting.filter((each) => each !== subscriber);
    const answer = { subscriber, kind: message.kind, ...(error === undefined ? {} : { error }) };
    state.answers = [...state.answers, answer];
    this.#changed();
    return undefined;
  }

  #running(): readonly StepState[] {
    return [...this.tasks.values()].flatMap(({ done }) =>
      done.filter(({ outcome }) => outcome === undefined)
    );
  }

  #begin(task: TaskState, step: string): StepState {
    const all = this.#subscribers.of(step);
    const state: StepState = {
      task: task.id,
      step,
      data: {
        task: task.id,
        step,
        ...(this.#dialect === "fixcore" ? { timing: {} } : {}),
      },
      waiting: all.filter(({ waits }) => waits).map(({ id }) => id),
      answers: [],
      told: [],
    };
    task.done.push(state);
    this.#changed();
    for (const { id } of all) this.#subscribers.send(id, action(state));
    return state;
  }

  async #finish(task: TaskState, state: StepState, signal: AbortSignal): Promise<void> {
    const over = new AbortController();
    const stop = AbortSignal.any([signal, over.signal]);
    const timeout = task.timeoutMs ?? this.#subscribers.longest(state.step) * 1000;
    const answered = this.#observations.until(
      () => state.outcome !== undefined || state.waiting.length === 0,
      stop,
    );
    try {
      await Promise.race([answered, this.#clock.sleep(timeout, stop)]);
      state.outcome ??= state.waiting.length === 0 ? "finished" : "timed_out";
    } finally {
      over.abort();
      // The other of the two ends with the abort.
      await answered.catch(() => {});
    }
    this.#changed();
    this.#observations.changed();
  }
}

function action(state: StepState): SentAction & JsonObject {
  return { kind: "action", message_type: state.step, data: state.data };
}
