import { Writable } from "node:stream";
import type { Output } from "./io.ts";

/** Standard error with live lines below what was written; without a terminal they do not exist. */
export interface Screen extends Disposable {
  /** Writes above the live lines. */
  write(text: string): void;
  /** Replaces the live lines. */
  update(lines: readonly string[]): void;
  readonly isTerminal: boolean;
}

/** Creates the screen of an output. What live lines need is loaded for terminals only. */
export async function createScreen(output: Output): Promise<Screen> {
  if (output.isTerminal) return new LiveScreen(output, await import("log-update"));
  return {
    write: (text) => output.write(text),
    update: () => {},
    isTerminal: false,
    [Symbol.dispose]: () => {},
  };
}

type LogUpdate = typeof import("log-update");

class LiveScreen implements Screen {
  readonly isTerminal = true;
  readonly #output: Output;
  readonly #live: ReturnType<LogUpdate["createLogUpdate"]>;
  #shown: readonly string[] = [];

  constructor(output: Output, { createLogUpdate }: LogUpdate) {
    this.#output = output;
    this.#live = createLogUpdate(streamOf(output), {
      showCursor: true,
      defaultWidth: output.columns,
    });
  }

  write(text: string): void {
    this.#live.clear();
    this.#output.write(text);
    this.update(this.#shown);
  }

  update(lines: readonly string[]): void {
    this.#shown = lines;
    if (lines.length === 0) this.#live.clear();
    else this.#live(lines.join("\n"));
  }

  [Symbol.dispose](): void {
    this.update([]);
  }
}

function streamOf(output: Output): Writable {
  return new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      output.write(String(chunk));
      done();
    },
  });
}
