import { CkError, SandboxError, toWire } from "../errors/mod.ts";
import type { HostMessage } from "../sdk/mod.ts";
import { askAgent, isSocket } from "./agent_socket.ts";

/** What a guest asks to be run. */
export interface HelperCall {
  readonly id: number;
  readonly path: string;
  readonly args: readonly string[];
}

/** Credentials are small; more output than this is a mistake. */
const MAX_OUTPUT_BYTES = 1024 * 1024;
const HELPER_TIMEOUT_MS = 60_000;

/** Calls of one guest that may wait; an honest one asks for one program now and then. */
const MAX_WAITING = 20;

/** Runs the helpers of one guest one after the other, so that asking fast starts no crowd. */
export class Helpers {
  readonly #run: (call: HelperCall) => Promise<HostMessage>;
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** @param run never rejects */
  constructor(run: (call: HelperCall) => Promise<HostMessage>) {
    this.#run = run;
  }

  /** The answer to a call; undefined when too many wait already. */
  call(call: HelperCall): Promise<HostMessage> | undefined {
    if (this.#waiting >= MAX_WAITING) return undefined;
    this.#waiting++;
    const answer = this.#last.then(() => this.#run(call)).finally(() => this.#waiting--);
    this.#last = answer;
    return answer;
  }
}

/**
 * Runs a credential helper for a guest, if the user allowed that very path, and answers with what it
 * printed; a path that is a socket is an SSH agent, and is asked. Never rejects: a refusal is an
 * answer too.
 */
export async function runHelper(
  call: HelperCall,
  plugin: string,
  allowed: readonly string[],
  signal: AbortSignal,
): Promise<HostMessage> {
  try {
    return {
      type: "helperResult",
      id: call.id,
      output: await output(call, plugin, allowed, signal),
    };
  } catch (error) {
    return { type: "helperResult", id: call.id, error: toWire(error) };
  }
}

async function output(
  call: HelperCall,
  plugin: string,
  allowed: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  const context = { plugin, subject: call.path };
  if (!allowed.includes(call.path)) {
    throw new SandboxError("denied", `Plugin "${plugin}" may not run the helper "${call.path}"`, {
      context,
      hint: `If you trust it, allow it with --allow-helper ${call.path}`,
    });
  }
  const limit = AbortSignal.any([signal, AbortSignal.timeout(HELPER_TIMEOUT_MS)]);
  if (await isSocket(call.path)) return await askAgent(call.path, call.args[0], limit);
  const result = await new Deno.Command(call.path, {
    args: [...call.args],
    stdin: "null",
    signal: limit,
  }).output();
  if (!result.success || result.stdout.byteLength > MAX_OUTPUT_BYTES) {
    const why = result.success ? "printed too much" : `ended with code ${result.code}`;
    // What it printed may hold secrets and stays unsaid.
    throw new CkError("helper.failed", `The helper "${call.path}" ${why}`, { context });
  }
  return new TextDecoder().decode(result.stdout);
}
