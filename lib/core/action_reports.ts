import type { Clock } from "../sdk/mod.ts";
import type { Action } from "./messages.ts";

/** How far a part of an action is; a later report of the same path and name replaces it. */
export interface ProgressReport {
  readonly name: string;
  /** Names of what it is part of, outermost first: `["aws", "123456789012"]`. */
  readonly path?: readonly string[];
  readonly current: number;
  readonly total: number;
}

export type InfoLevel = "info" | "error";

/** A few a second: a core keeps and shows each of them. */
const INTERVAL_MS = 300;
/** Texts that wait; more than a person reads are dropped. */
const MAX_INFOS = 50;
const MAX_TEXT = 500;

/**
 * What an action tells while it runs, at the pace that a core can bear. Of a part only the last
 * state is told. What cannot be sent because there is no socket waits for the next one.
 */
export class ActionReports {
  readonly #action: Action;
  readonly #clock: Clock;
  readonly #send: (text: string) => boolean;
  readonly #over = new AbortController();
  readonly #progress = new Map<string, ProgressReport>();
  readonly #infos: string[] = [];
  #isPacing = false;

  /** @param send false when there is no socket at present */
  constructor(action: Action, clock: Clock, send: (text: string) => boolean) {
    this.#action = action;
    this.#clock = clock;
    this.#send = send;
  }

  /** Tells how far a part is. Figures that a core refuses are put right. */
  progress({ name, path = [], current, total }: ProgressReport): void {
    if (this.#over.signal.aborted) return;
    const whole = Math.max(1, Math.trunc(total) || 1);
    const done = Math.min(whole, Math.max(0, Math.trunc(current) || 0));
    const key = JSON.stringify([...path, name]);
    // At the end: a part that changes often does not hold back the others.
    this.#progress.delete(key);
    this.#progress.set(key, { name, path, current: done, total: whole });
    this.#pace();
  }

  /**
   * Tells a line for people.
   * @param context where it happened, put in front: `["aws", "account 1"]`
   */
  info(level: InfoLevel, message: string, context: readonly string[] = []): void {
    if (this.#over.signal.aborted || this.#infos.length >= MAX_INFOS) return;
    const prefix = context.length === 0 ? "" : `[${context.join(":")}] `;
    const text = message.slice(0, MAX_TEXT).toWellFormed();
    this.#infos.push(this.#message("action_info", { level, message: prefix + text }));
    this.#pace();
  }

  /** Ends it: the lines that wait are sent now, progress is of no interest any more. */
  finish(): void {
    this.#over.abort();
    while (this.#infos[0] !== undefined && this.#send(this.#infos[0])) this.#infos.shift();
  }

  /** Sends one at once and the next ones with a distance. */
  #pace(): void {
    if (this.#isPacing) return;
    this.#isPacing = true;
    this.#sendOne();
    this.#clock.sleep(INTERVAL_MS, this.#over.signal).then(() => {
      this.#isPacing = false;
      if (this.#infos.length + this.#progress.size > 0) this.#pace();
    }, () => {});
  }

  #sendOne(): void {
    const [info] = this.#infos;
    if (info !== undefined) {
      if (this.#send(info)) this.#infos.shift();
      return;
    }
    const [first] = this.#progress;
    if (first === undefined) return;
    const [key, { name, path = [], current, total }] = first;
    const place = path.length === 0 ? {} : { path };
    const progress = { kind: "progress", name, ...place, current, total };
    const at = new Date(this.#clock.now()).toISOString().replace(/\.\d+Z$/, "Z");
    const text = this.#message("action_progress", { context: [], progress, at });
    if (this.#send(text)) this.#progress.delete(key);
  }

  #message(kind: string, told: Readonly<Record<string, unknown>>): string {
    const { messageType, task, step } = this.#action;
    return JSON.stringify({ kind, message_type: messageType, data: { task, step, ...told } });
  }
}
