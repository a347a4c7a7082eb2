import { Buffer } from "node:buffer";
import { Duplex } from "node:stream";
// @ts-types="./ssh2.d.ts"
import { OpenSSHAgent, type ParsedKey } from "ssh2";

/** Sends one request, base64, to the agent's socket and returns its answer, base64. */
export type Ask = (request: string) => Promise<string>;

/**
 * An SSH agent that the host of this guest asks: a guest may write to no socket. One request at a
 * time, for the host lets only so many wait.
 */
export class RelayedAgent extends OpenSSHAgent {
  readonly #ask: Ask;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string, ask: Ask) {
    super(path);
    this.#ask = ask;
  }

  /** Keys that it holds. */
  keys(): Promise<readonly ParsedKey[]> {
    return new Promise((resolve, reject) =>
      this.getIdentities((error, keys) => keys === undefined ? reject(error) : resolve(keys))
    );
  }

  override getStream(callback: (error: Error | null, stream?: Duplex) => void): void {
    const stream: Duplex = new Duplex({
      read: () => {},
      write: (request: Buffer, _encoding, done) => {
        const answer = this.#last.then(() => this.#ask(request.toString("base64")));
        this.#last = answer.catch(() => {});
        answer.then(
          (text) => {
            stream.push(Buffer.from(text, "base64"));
            done();
          },
          (error) => done(error instanceof Error ? error : new Error(String(error))),
        );
      },
    });
    callback(null, stream);
  }
}
