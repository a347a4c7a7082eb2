import { Writable } from "node:stream";
import { createLogUpdate } from "log-update";
import type { Output } from "./io.ts";

/** Standard error with live lines below what was written; without a terminal they do not exist. */
export interface Screen extends Disposable {
  /** Writes above the live lines. */
  write(text: string): void;
  /** Replaces the live lines. */
  update(lines: readonly string[]): void;
  readonly isTerminal: boolean;
}

/** Creates the screen of an output. */
export function createScreen(output: Output): Screen {
  return output.isTerminal ? new LiveScreen(output) : {
    write: (text) => output.write(text),
    update: () => {},
    isTerminal: false,
    [Symbol.dispose]: () => {},
  };
}

class LiveScreen implements Screen {
  readonly isTerminal = true;
  readonly #output: Output;
  readonly #live: ReturnType<typeof createLogUpdate>;
  #shown: readonly string[] = [];

  constructor(output: Output) {
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
