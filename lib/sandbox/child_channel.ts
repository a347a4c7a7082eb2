import { GUEST_COMMAND } from "./guest_command.ts";
import { SandboxError } from "../errors/mod.ts";
import type { Permissions } from "../sdk/mod.ts";
import type { Channel, ChannelEvents, GuestCode } from "./channel.ts";
import { encodeFrame, linesUntilMark, readFrames } from "./frames.ts";

/** Variables that the runtime itself reads; a child gets them whatever its manifest says. */
const RUNTIME_VARIABLES = [
  "ALL_PROXY",
  "DENO_CERT",
  "DENO_DIR",
  "DENO_TLS_CA_STORE",
  "DENO_V8_FLAGS",
  "HOME",
  "HTTPS_PROXY",
  "HTTP_PROXY",
  "NO_PROXY",
  "PATH",
  "TMPDIR",
  "all_proxy",
  "http_proxy",
  "https_proxy",
  "no_proxy",
];

/** How a child is started. */
export interface ChildOptions {
  /** URL of the program's main module. */
  readonly base: string;
  /** Heap limit in MiB; undefined leaves it to the runtime. */
  readonly heapMiB: number | undefined;
}

/**
 * A guest in a process of its own: the same program, started as a child whose Web Worker is the
 * guest. Lines come over its stdout, messages over stderr, and ours go to stdin, so that no secret
 * is in an argument or a variable. Memory that runs out there ends the child alone.
 */
export function openChild(code: GuestCode, events: ChannelEvents, options: ChildOptions): Channel {
  const child = spawn(code, options);
  const stdin = child.stdin.getWriter();
  let isEnding = false;
  // A pipe that broke means that the child has ended, which its status tells.
  const send = (frame: unknown) => void stdin.write(encodeFrame(frame)).catch(() => {});
  send({ type: "spawn", code });
  const said = readFrames(child.stderr, (frame) => {
    events.message(frame.type === "stream" ? withStream(frame, child.stdout) : frame);
  });
  const ended = Promise.all([child.status, said]).then(([status, text]) => {
    if (!isEnding) events.fault(childEnded(code, status, text));
  });
  return {
    post: send,
    terminate: async () => {
      isEnding = true;
      await stdin.abort().catch(() => {});
      kill(child);
      if (!child.stdout.locked) await child.stdout.cancel();
      await ended;
    },
  };
}

function withStream(frame: object, stdout: ReadableStream<Uint8Array>): object {
  return { ...frame, stream: stdout.pipeThrough(linesUntilMark()) };
}

function spawn(code: GuestCode, options: ChildOptions): Deno.ChildProcess {
  const program = Deno.build.standalone
    ? [GUEST_COMMAND]
    : ["run", "-A", "--unstable-worker-options", options.base, GUEST_COMMAND];
  try {
    return new Deno.Command(Deno.execPath(), {
      args: program,
      clearEnv: true,
      env: childEnvironment(code.permissions, options.heapMiB),
      stdin: "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
  } catch (cause) {
    throw new SandboxError("spawn", `Could not start a process for plugin "${code.plugin}"`, {
      context: { plugin: code.plugin },
      hint: "Without --fork it runs inside this process.",
      cause,
    });
  }
}

/** The variables that the manifest names, and the runtime's own. */
function childEnvironment(
  permissions: Permissions,
  heapMiB: number | undefined,
): Record<string, string> {
  const asked = [...RUNTIME_VARIABLES, ...(permissions.env ?? [])];
  const matches = (name: string) =>
    asked.some((entry) =>
      entry.endsWith("*") ? name.startsWith(entry.slice(0, -1)) : name === entry
    );
  const given = Object.entries(Deno.env.toObject()).filter(([name]) => matches(name));
  return {
    ...Object.fromEntries(given),
    NO_COLOR: "1",
    ...(heapMiB === undefined ? {} : { DENO_V8_FLAGS: `--max-old-space-size=${heapMiB}` }),
  };
}

function kill(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch (error) {
    // It ended by itself meanwhile.
    if (!(error instanceof TypeError)) throw error;
  }
}

function childEnded(code: GuestCode, status: Deno.CommandStatus, said: string): SandboxError {
  const how = status.signal === null ? `code ${status.code}` : `signal ${status.signal}`;
  const memory = /out of memory|heap limit/i.test(said);
  const why = memory ? "ran out of memory" : `ended its process (${how})`;
  return new SandboxError("crash", `Plugin "${code.plugin}" ${why}`, {
    context: { plugin: code.plugin },
    ...(memory ? { hint: "Give it fewer accounts at once, or the machine more memory." } : {}),
    ...(said === "" ? {} : { cause: new Error(said) }),
  });
}
