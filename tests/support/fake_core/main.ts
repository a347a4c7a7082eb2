/**
 * The fake core as a process of its own, so that it can be killed for real. Options come as JSON in
 * the variable FAKE_CORE; the first line of the output tells its ports. What a core writes down goes
 * to a file with every change, and is read again at the start.
 *
 * @module
 */
import process from "node:process";
import { z } from "zod";
import { type Fault, startFakeCore } from "../fake_core.ts";
import { serveControl } from "./control.ts";
import { parseState, type SavedState } from "./core_state.ts";

const options = z.object({
  dialect: z.enum(["ckcore", "fixcore"]),
  psk: z.string().optional(),
  tls: z.boolean().optional(),
  port: z.number().optional(),
  controlPort: z.number().optional(),
  closesAfterMessage: z.union([z.boolean(), z.literal("abrupt")]).optional(),
  /** Paths are texts: patterns do not survive the way. */
  faults: z.array(z.custom<Fault>()).optional(),
  stateFile: z.string(),
});

export type ProcessOptions = z.input<typeof options>;

if (import.meta.main) {
  const { stateFile, controlPort = 0, ...rest } = options.parse(
    JSON.parse(process.env["FAKE_CORE"] ?? "{}"),
  );
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const saved = readState(stateFile);
  const core = await startFakeCore({
    ...given,
    dialect: rest.dialect,
    ...(saved === undefined ? {} : { saved }),
    onChange: (changed) => writeState(stateFile, changed.save()),
  });
  core.resumeTasks();
  const control = serveControl(core, controlPort);
  process.stdout.write(`${JSON.stringify({ port: core.port, control: control.addr.port })}\n`);
}

/** A state that was never written is none; a half written one cannot be. */
function readState(path: string): SavedState | undefined {
  try {
    return parseState(Deno.readTextFileSync(path));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function writeState(path: string, state: SavedState): void {
  Deno.writeTextFileSync(`${path}.new`, JSON.stringify(state));
  Deno.renameSync(`${path}.new`, path);
}
