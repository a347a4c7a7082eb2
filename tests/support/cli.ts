import type { CollectRequest, Examination, RunSummary } from "../../lib/collect/mod.ts";
import {
  type AddRequest,
  COMMANDS,
  type EndSignal,
  type Io,
  type LoadRequest,
  main,
  type Output,
} from "../../lib/cli/mod.ts";
import { selectNodes } from "../../lib/embedded/mod.ts";
import type { DaemonRequest } from "../../lib/daemon/mod.ts";
import type { ChangerGuest, GuestSetup, Needs } from "../../lib/sandbox/mod.ts";
import type { WorkflowRequest, WorkflowSummary } from "../../lib/workflow/mod.ts";
import type { ActionEntry, PluginEntry } from "../../lib/sdk/mod.ts";

/** What a run of the command line did. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Requests that reached the collection. */
  readonly collected: readonly CollectRequest[];
  /** Requests that reached the workflow. */
  readonly worked: readonly WorkflowRequest[];
  /** Requests that reached the daemon. */
  readonly served: readonly DaemonRequest[];
  readonly added: readonly AddRequest[];
  readonly loaded: readonly LoadRequest[];
  readonly revoked: readonly Needs[];
  /** Codes that the process would have ended with at once. */
  readonly exits: readonly number[];
}

/** What a test sets up; everything else is empty. */
export interface CliSetup {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly plugins?: readonly PluginEntry[];
  readonly actions?: readonly ActionEntry[];
  readonly terminal?: boolean;
  readonly columns?: number;
  readonly collect?: (
    request: CollectRequest,
    send: (signal: EndSignal) => void,
  ) => Promise<RunSummary>;
  readonly work?: (request: WorkflowRequest) => Promise<WorkflowSummary>;
  readonly serve?: (request: DaemonRequest) => Promise<number>;
  readonly examine?: (request: CollectRequest) => Promise<readonly Examination[]>;
  readonly startChanger?: (setup: GuestSetup) => Promise<ChangerGuest>;
  /** Answers of the terminal, one after the other; without any there is no terminal to ask. */
  readonly answers?: readonly string[];
  readonly loadPlugins?: (request: LoadRequest) => Promise<readonly PluginEntry[]>;
}

/** What steps come to in which nothing happens. */
export const NO_STEPS: WorkflowSummary["workflow"] = {
  steps: [],
  actions: [],
  dropped: [],
  troubles: [],
};

/** Time of every test: local, so that log lines are the same in every time zone. */
export const CLI_NOW = new Date(2021, 11, 2, 8, 0, 0);

/** Runs the command line in this process with an outside of the test's making. */
export async function runCli(args: readonly string[], setup: CliSetup = {}): Promise<CliResult> {
  const stdout = recorder(setup);
  const stderr = recorder(setup);
  const collected: CollectRequest[] = [];
  const served: DaemonRequest[] = [];
  const worked: WorkflowRequest[] = [];
  const added: AddRequest[] = [];
  const loaded: LoadRequest[] = [];
  const revoked: Needs[] = [];
  const exits: number[] = [];
  const answers = [...setup.answers ?? []];
  const handlers = new Set<(signal: EndSignal) => void>();
  const send = (signal: EndSignal) => handlers.forEach((handler) => handler(signal));
  const io: Io = {
    stdout,
    stderr,
    ask: (question) => {
      stderr.write(question);
      return answers.shift() ?? null;
    },
    readText: (path) => readFile(path, setup.files ?? {}),
    onSignal(handler) {
      handlers.add(handler);
      return { [Symbol.dispose]: () => void handlers.delete(handler) };
    },
    exit: (code) => void exits.push(code),
    now: () => CLI_NOW,
    pid: 4711,
  };
  const code = await main({
    args,
    env: setup.env ?? {},
    io,
    plugins: setup.plugins ?? [],
    actions: setup.actions ?? [],
    commands: COMMANDS,
    base: "file:///main.ts",
    collect(request) {
      collected.push(request);
      return setup.collect?.(request, send) ?? Promise.resolve(summaryOf());
    },
    collectFor({ request }) {
      collected.push(request);
      return setup.collect?.(request, send) ?? Promise.resolve(summaryOf());
    },
    work(request) {
      worked.push(request);
      return setup.work?.(request) ?? Promise.resolve({ workflow: NO_STEPS });
    },
    serve(request) {
      served.push(request);
      return setup.serve?.(request) ?? Promise.resolve(0);
    },
    examine: (request) => setup.examine?.(request) ?? Promise.resolve([]),
    startChanger: (asked) =>
      setup.startChanger?.(asked) ?? Promise.reject(new Error("the test starts no changer")),
    select: selectNodes,
    revokeRights(needs) {
      revoked.push(needs);
      return Promise.resolve();
    },
    loadPlugins(request) {
      loaded.push(request);
      return setup.loadPlugins?.(request) ?? Promise.resolve([]);
    },
    addPlugin(request) {
      added.push(request);
      return Promise.resolve();
    },
  });
  return {
    code,
    stdout: stdout.text(),
    stderr: stderr.text(),
    collected,
    served,
    worked,
    added,
    loaded,
    revoked,
    exits,
  };
}

/** A summary of a run that found nothing, with the given parts. */
export function summaryOf(parts: Partial<RunSummary> = {}): RunSummary {
  return {
    run: "r1",
    startedAt: "2021-12-02T08:00:00.000Z",
    finishedAt: "2021-12-02T08:00:12.340Z",
    target: "./ckworker.db",
    collectors: [],
    accounts: [],
    kinds: [],
    graph: {
      nodes: 0,
      edges: 0,
      unresolved: 0,
      ambiguous: 0,
      cycles: [],
      duplicates: [],
      depth: 0,
    },
    calls: [],
    exitCode: 0,
    ...parts,
  };
}

/** An output that keeps what is written. */
export function recorder(
  { terminal = false, columns = 100 }: Pick<CliSetup, "terminal" | "columns"> = {},
): Output & { readonly text: () => string } {
  const parts: string[] = [];
  return {
    isTerminal: terminal,
    columns,
    write: (text) => void parts.push(text),
    writeBytes: (bytes) => void parts.push(new TextDecoder().decode(bytes)),
    text: () => parts.join(""),
  };
}

function readFile(path: string, files: Readonly<Record<string, string>>): string {
  const text = files[path];
  if (text === undefined) throw new Deno.errors.NotFound("No such file or directory");
  return text;
}
