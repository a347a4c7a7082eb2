import { join } from "node:path";
import { until } from "../until.ts";
import { runTool } from "./ssh_tools.ts";

/** An SSH agent of its own. */
export interface Agent extends AsyncDisposable {
  readonly socket: string;
}

/** Starts OpenSSH's agent and gives it keys. */
export async function startAgent(keys: readonly string[]): Promise<Agent> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-agent-" });
  const socket = join(folder, "socket");
  const child = new Deno.Command("ssh-agent", {
    args: ["-D", "-a", socket],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  let isUp = false;
  const look = async () => {
    // Waiting for a socket is trying it.
    while (!isUp) isUp = await Deno.stat(socket).then(() => true, () => false);
  };
  await Promise.all([look(), until(() => isUp, "the agent listens")]);
  for (const path of keys) await runTool("ssh-add", ["-q", path], { SSH_AUTH_SOCK: socket });
  return {
    socket,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}
