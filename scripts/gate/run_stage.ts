import process from "node:process";
import type { Stage } from "./stage.ts";
import { type Tally, tallyOf } from "./tally.ts";

/** A stage that takes longer hangs. Milliseconds. */
const LIMIT = 10 * 60_000;

/** Runs a stage to its end, shows its output and returns its tally, whatever happens to it. */
export async function runStage(root: string, stage: Stage): Promise<Tally> {
  const started = performance.now();
  say(`── ${stage.name}`);
  const { output, success } = await run(root, stage);
  const tally = tallyOf(output, success, stage.counts);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  say(`   ${stage.name}: ${success ? "passed" : "FAILED"} in ${seconds} s`);
  return tally;
}

async function run(root: string, stage: Stage): Promise<{ output: string; success: boolean }> {
  const [program, ...args] = stage.command;
  try {
    const child = new Deno.Command(program === "deno" ? Deno.execPath() : program, {
      args,
      cwd: root,
      env: { NO_COLOR: "1" },
      stdin: "null",
      stdout: "piped",
      stderr: "inherit",
      signal: AbortSignal.timeout(LIMIT),
    }).spawn();
    const output = await shown(child.stdout);
    const { success } = await child.status;
    return { output, success };
  } catch (error) {
    say(`   ${stage.command.join(" ")}: ${error}`);
    return { output: "", success: false };
  }
}

/** Passes a stream on and returns its text. */
async function shown(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  for await (const part of stream.pipeThrough(new TextDecoderStream())) {
    process.stdout.write(part);
    text += part;
  }
  return text;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
