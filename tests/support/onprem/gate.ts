import { existsSync } from "node:fs";
import { join } from "node:path";
import { until } from "../until.ts";
import { runTool } from "./ssh_tools.ts";

/** A place where a command of a host stops until it is let go. */
export interface Gate extends AsyncDisposable {
  /** Shell that stops there. */
  readonly command: string;
  /** Resolves when a command has come there. */
  reached(): Promise<void>;
}

/** Makes a gate; what waits there goes on when it is disposed of. */
export async function makeGate(): Promise<Gate> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-gate-" });
  const [pipe, sign] = [join(folder, "pipe"), join(folder, "sign")];
  await runTool("mkfifo", [pipe]);
  return {
    command: `echo here > ${sign}; cat ${pipe}`,
    reached: () => until(() => existsSync(sign), "a command comes to the gate"),
    [Symbol.asyncDispose]: async () => {
      // Opened both ways it waits for nobody, and whoever reads comes to the end when it is closed.
      using _end = await Deno.open(pipe, { read: true, write: true });
      await Deno.remove(folder, { recursive: true });
    },
  };
}
