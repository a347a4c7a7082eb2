import { join } from "node:path";
import { z } from "zod";
import { binaryPath, type Ended, runProgram } from "./binary.ts";

/** How long a test waits for the binary to do something. */
const LIMIT_MS = 30_000;
/** Between two looks at what another process does, milliseconds. */
const LOOK_MS = 10;

/** Where a core listens. */
export interface CoreAddress {
  readonly dialect: "ckcore" | "fixcore";
  readonly url: string;
  readonly wsUrl: string;
}

/** How a worker is started. */
export interface WorkerStart {
  /** Undefined: variables name it. */
  readonly core: CoreAddress | undefined;
  /** Flags besides those of the core, the store and the web pages; the example collector by default. */
  readonly flags?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A folder with a store for workers that live one after the other; goes when disposed. */
export interface WorkerPlace extends AsyncDisposable {
  readonly folder: string;
  readonly store: string;
  /** Starts the binary as a worker of a core. */
  start(start: WorkerStart): Worker;
  /** Runs another command of the binary on this store. */
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
    signal?: AbortSignal,
  ): Promise<Ended>;
}

/** Makes a place; whatever still runs in it ends with it. */
export async function makeWorkerPlace(): Promise<WorkerPlace> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-daemon-" });
  const store = join(folder, "store.db");
  const workers: Worker[] = [];
  return {
    folder,
    store,
    start(start) {
      const worker = new Worker(start, folder, store);
      workers.push(worker);
      return worker;
    },
    run: (args, env, signal) =>
      runProgram(binaryPath(), [...args, "--store", store], {
        cwd: folder,
        env: { HOME: folder, ...env },
        ...(signal === undefined ? {} : { signal }),
      }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all(workers.map((worker) => worker.kill()));
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** What is seen of a process that ended. */
export interface WorkerEnd {
  readonly code: number;
  readonly signal: Deno.Signal | null;
  readonly log: string;
}

/** The binary as the worker of a core. */
export class Worker {
  readonly pid: number;
  readonly ended: Promise<WorkerEnd>;
  readonly #child: Deno.ChildProcess;
  readonly #port: number;
  #log = "";
  #isOver = false;

  constructor(
    { core, flags = ["--collector", "example"], env = {} }: WorkerStart,
    folder: string,
    store: string,
  ) {
    this.#port = freePort();
    this.#child = new Deno.Command(binaryPath(), {
      args: [
        ...(core === undefined ? [] : addressFlags(core)),
        ...["--store", store, "--web-host", "127.0.0.1", "--web-port", String(this.#port)],
        ...flags,
      ],
      cwd: folder,
      clearEnv: true,
      env: { HOME: folder, ...env },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    this.pid = this.#child.pid;
    this.ended = this.#end();
  }

  /** Log lines so far. */
  get log(): string {
    return this.#log;
  }

  get isOver(): boolean {
    return this.#isOver;
  }

  /** Address of its pages, without a slash at the end. */
  get web(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  signal(name: Deno.Signal): void {
    if (!this.#isOver) this.#child.kill(name);
  }

  /** Asks it to stop and waits for its end. */
  async stop(): Promise<WorkerEnd> {
    this.signal("SIGTERM");
    return await this.ended;
  }

  /** Kills it; returns when it is gone. */
  async kill(): Promise<void> {
    this.signal("SIGKILL");
    await this.ended;
  }

  /**
   * Looks until the log holds this.
   * @throws Error with the log after 30 s, or when the worker ended without
   */
  async said(text: RegExp): Promise<void> {
    await this.until(() => text.test(this.#log), String(text));
  }

  /**
   * Looks until something is so while the worker lives.
   * @throws Error with the log after 30 s, or when the worker ended without
   */
  async until(isSo: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const end = performance.now() + LIMIT_MS;
    while (!await isSo()) {
      if (this.#isOver && !await isSo()) {
        throw new Error(`${what}: the worker ended\n${this.#log}`);
      }
      if (performance.now() > end) throw new Error(`${what}: not within 30 s\n${this.#log}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    }
  }

  /** Waits until `/ready` says so. */
  async ready(): Promise<void> {
    await this.until(async () => (await this.get("/ready")).status === 200, "ready");
  }

  /** Reads a page; status 0 while nothing listens. */
  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Page> {
    try {
      const answer = await fetch(`${this.web}${path}`, { headers });
      return { status: answer.status, text: await answer.text() };
    } catch (error) {
      if (error instanceof TypeError) return { status: 0, text: "" };
      throw error;
    }
  }

  async #end(): Promise<WorkerEnd> {
    for await (const text of this.#child.stderr.pipeThrough(new TextDecoderStream())) {
      this.#log += text;
    }
    const { code, signal } = await this.#child.status;
    this.#isOver = true;
    return { code, signal, log: this.#log };
  }
}

/** A page as it was answered. */
export interface Page {
  readonly status: number;
  readonly text: string;
}

/** Flags that name a core of either generation. */
export function addressFlags({ dialect, url, wsUrl }: CoreAddress): readonly string[] {
  return dialect === "fixcore"
    ? ["--fixcore-uri", url]
    : ["--ckcore-uri", url, "--ckcore-ws-uri", wsUrl];
}

/** The id under which a worker subscribes when nothing else is said. */
export const SUBSCRIBER = {
  ckcore: "worker-collect_cleanup",
  fixcore: "fix.worker-collector",
} as const;

/** A port that nothing listened on a moment ago. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

/** Samples of `/metrics` by name and labels as they stand there. */
export function samplesOf(metrics: string): ReadonlyMap<string, number> {
  return new Map(
    metrics.split("\n").filter((line) => line !== "" && !line.startsWith("#")).map((line) => {
      const at = line.lastIndexOf(" ");
      return [line.slice(0, at), z.coerce.number().parse(line.slice(at + 1))] as const;
    }),
  );
}
