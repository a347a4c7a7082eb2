import { fileURLToPath } from "node:url";
import { pythonPath } from "./python.ts";

/** A running moto server, empty at first. */
export interface Moto extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, the endpoint of every service. */
  readonly url: string;
  readonly port: number;
}

/** Limit for the start of the server, milliseconds. */
const START_LIMIT = 60_000;

/**
 * Starts moto's AWS server on a free loopback port and returns when it answers.
 * @param env variables on top of the inherited ones, for example moto's settings
 * @throws Error with the server's error output when it ends or stays silent
 */
export async function startMoto(env: Readonly<Record<string, string>> = {}): Promise<Moto> {
  const server = new Server(env);
  try {
    const port = await server.port(AbortSignal.timeout(START_LIMIT));
    const url = `http://127.0.0.1:${port}`;
    const answer = await fetch(`${url}/moto-api/data.json`, {
      signal: AbortSignal.timeout(START_LIMIT),
    });
    await answer.body?.cancel();
    return { url, port, [Symbol.asyncDispose]: async () => void (await server.stop()) };
  } catch (cause) {
    throw new Error(`moto did not start: ${await server.stop()}`, { cause });
  }
}

/** The server's process; it prints its port as its only line. */
class Server {
  readonly #child: Deno.ChildProcess;
  readonly #errors: Promise<string>;
  #ended = false;

  constructor(env: Readonly<Record<string, string>>) {
    this.#child = new Deno.Command(pythonPath(), {
      args: [fileURLToPath(new URL("./moto_server.py", import.meta.url))],
      env: { MOTO_EC2_LOAD_DEFAULT_AMIS: "false", ...env },
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#errors = new Response(this.#child.stderr).text();
    this.#child.status.then(() => this.#ended = true);
  }

  async port(signal: AbortSignal): Promise<number> {
    const lines = this.#child.stdout.pipeThrough(new TextDecoderStream());
    const abort = () => this.#kill();
    signal.addEventListener("abort", abort);
    try {
      let text = "";
      for await (const part of lines) {
        text += part;
        if (text.endsWith("\n")) return Number(text);
      }
      throw new Error("it ended without naming its port");
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  /** Ends the process and returns its error output. */
  async stop(): Promise<string> {
    this.#kill();
    await this.#child.status;
    await this.#child.stdin.abort();
    return await this.#errors;
  }

  #kill(): void {
    if (!this.#ended) this.#child.kill("SIGKILL");
  }
}
