import { z } from "zod";
import type { ControlRequest, CoreView } from "./fake_core/control.ts";
import type { ProcessOptions } from "./fake_core/main.ts";
import type { Fault, TagOutcome } from "./fake_core.ts";
import type { StepState } from "./fake_core/workflow.ts";

const MAIN = new URL("./fake_core/main.ts", import.meta.url);
const ROOT = new URL("../..", import.meta.url);
const ports = z.object({ port: z.number(), control: z.number() });
/** Between two looks at a core in another process, milliseconds. */
const LOOK = 50;
const PATIENCE = 30_000;

/** Starts a fake core in a process of its own, with its database in a file that goes with it. */
export async function startFakeCoreProcess(
  options: Omit<ProcessOptions, "stateFile">,
): Promise<FakeCoreProcess> {
  const folder = await Deno.makeTempDir({ prefix: "fake-core-" });
  const core = new FakeCoreProcess(folder, options);
  await core.start(options.faults);
  return core;
}

/** A fake core in a process of its own. */
export class FakeCoreProcess implements AsyncDisposable {
  readonly #folder: string;
  readonly #options: Omit<ProcessOptions, "stateFile">;
  #child: Deno.ChildProcess | undefined;
  #port = 0;
  #control = 0;

  constructor(folder: string, options: Omit<ProcessOptions, "stateFile">) {
    this.#folder = folder;
    this.#options = options;
    this.#port = options.port ?? 0;
  }

  get dialect(): ProcessOptions["dialect"] {
    return this.#options.dialect;
  }

  get url(): string {
    return `${this.#options.tls ? "https" : "http"}://127.0.0.1:${this.#port}`;
  }

  get wsUrl(): string {
    return `${this.#options.tls ? "wss" : "ws"}://127.0.0.1:${this.#port}`;
  }

  /**
   * Begins, or begins again on the same ports with the database that it left.
   * @param faults of this life
   */
  async start(faults: readonly Fault[] = []): Promise<void> {
    const options = {
      ...this.#options,
      faults,
      port: this.#port,
      controlPort: this.#control,
      stateFile: `${this.#folder}/state.json`,
    };
    this.#child = new Deno.Command(Deno.execPath(), {
      args: ["run", "--quiet", "--allow-all", "--no-check", "--cached-only", MAIN.pathname],
      cwd: ROOT.pathname,
      env: { FAKE_CORE: JSON.stringify(options) },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
    }).spawn();
    const told = ports.parse(JSON.parse(await firstLine(this.#child.stdout)));
    this.#port = told.port;
    this.#control = told.control;
  }

  /** Kills the process; nothing of it is left but its file. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    child?.kill("SIGKILL");
    await child?.status;
  }

  async observe(): Promise<CoreView> {
    return await this.#ask<CoreView>({ do: "observe" });
  }

  /** Begins a workflow. @returns id of its task */
  async startWorkflow(steps: readonly string[]): Promise<string> {
    return await this.#ask<string>({ do: "start", steps: [...steps] });
  }

  async steps(task: string): Promise<readonly StepState[]> {
    return await this.#ask<readonly StepState[]>({ do: "steps", task });
  }

  async tag(
    nodes: readonly string[],
    change: Extract<ControlRequest, { readonly do: "tag" }>["change"],
  ): Promise<readonly TagOutcome[]> {
    return await this.#ask<readonly TagOutcome[]>({ do: "tag", nodes: [...nodes], change });
  }

  /**
   * Looks until something is so.
   * @throws Error when it is not after 30 s
   */
  async until(condition: (view: CoreView) => boolean): Promise<CoreView> {
    const end = Date.now() + PATIENCE;
    for (;;) {
      const view = await this.observe();
      if (condition(view)) return view;
      if (Date.now() > end) throw new Error(`not seen within ${PATIENCE} ms: ${condition}`);
      await new Promise((resolve) => setTimeout(resolve, LOOK));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await Deno.remove(this.#folder, { recursive: true });
  }

  /** The other side is built from the same types. */
  async #ask<T>(request: ControlRequest): Promise<T> {
    const answer = await fetch(`http://127.0.0.1:${this.#control}`, {
      method: "POST",
      body: JSON.stringify(request),
    });
    return await answer.json();
  }
}

/** The first line of an output; the rest is read by nobody. */
async function firstLine(output: ReadableStream<Uint8Array>): Promise<string> {
  let text = "";
  for await (const chunk of output.pipeThrough(new TextDecoderStream())) {
    text += chunk;
    if (text.includes("\n")) break;
  }
  const [line = ""] = text.split("\n");
  if (line === "") throw new Error("the fake core did not start");
  return line;
}
