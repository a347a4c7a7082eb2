/** What a command wrote, and how it ended. */
export interface Outputs {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; -1 when a signal ended it. */
  readonly code: number;
}

/** More than any host has to tell: it holds the processors of the largest machines. */
const MOST_BYTES = 8 * 1024 * 1024;

/** What a part costs beside its bytes: a host may send them one by one. */
const PART_BYTES = 128;

/** Collects what a command writes, up to a limit. */
export class Output {
  readonly #parts: Record<"stdout" | "stderr", Uint8Array[]> = { stdout: [], stderr: [] };
  readonly #onTooMuch: () => void;
  #bytes = 0;
  #code: number | undefined;

  constructor(onTooMuch: () => void) {
    this.#onTooMuch = onTooMuch;
  }

  add(to: "stdout" | "stderr", part: Uint8Array): void {
    this.#bytes += part.length + PART_BYTES;
    if (this.#bytes <= MOST_BYTES) this.#parts[to].push(part);
    else this.#onTooMuch();
  }

  /** The host says how the command ended: with a code, or by a signal. */
  exit(code: unknown): void {
    this.#code = typeof code === "number" ? code : -1;
  }

  /** All of it; undefined when the host has not said how the command ended. */
  take(): Outputs | undefined {
    if (this.#code === undefined) return undefined;
    const { stdout, stderr } = this.#parts;
    return { stdout: toText(stdout), stderr: toText(stderr), code: this.#code };
  }
}

/** What is no UTF-8 becomes the sign for it. */
function toText(parts: readonly Uint8Array[]): string {
  const decoder = new TextDecoder();
  return parts.map((part) => decoder.decode(part, { stream: true })).join("") + decoder.decode();
}
