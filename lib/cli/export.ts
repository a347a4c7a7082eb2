import { z } from "zod";
import { ConfigError } from "../errors/mod.ts";
import { EXPORT_FORMATS, type ExportSink } from "../store/export/format.ts";
import { defineCommand, type Invocation } from "./command.ts";
import type { Output } from "./io.ts";
import { filterOf, filterOptions, openStoreOf, storeCode } from "./open_store.ts";

const options = z.object({
  format: z.enum(EXPORT_FORMATS).default("ndjson").describe("Form of the export"),
  table: z.enum(["nodes", "edges"]).default("nodes")
    .describe("Which of the two, for csv and parquet"),
  ...filterOptions,
});

/** `ckworker export [FILE]`: the graph for other tools. */
export const exportGraph = defineCommand({
  name: "export",
  summary: "writes the graph for other tools, into a file or to standard output",
  usage: "[FILE]",
  positionals: 1,
  options,
  run: writeExport,
});

async function writeExport(invocation: Invocation<z.output<typeof options>>): Promise<number> {
  const { own, host, positionals, signal } = invocation;
  const { format, table } = own;
  const { exportStore } = await storeCode();
  using store = await openStoreOf(invocation, "read");
  using sink = openSink(positionals[0], format, host.io.stdout);
  await exportStore(store, { format, table, filter: filterOf(own), signal }, sink);
  return 0;
}

function openSink(
  path: string | undefined,
  format: z.output<typeof options>["format"],
  stdout: Output,
): ExportSink & Disposable {
  if (path !== undefined) return fileSink(path);
  if (format === "parquet" && stdout.isTerminal) {
    throw new ConfigError("parquet is no text for a terminal", {
      hint: "Name a file: ckworker export --format parquet FILE",
    });
  }
  return { write: (bytes) => stdout.writeBytes(bytes), [Symbol.dispose]: () => {} };
}

function fileSink(path: string): ExportSink & Disposable {
  const file = openToWrite(path);
  return {
    write(bytes) {
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
    },
    [Symbol.dispose]: () => file.close(),
  };
}

function openToWrite(path: string): Deno.FsFile {
  try {
    return Deno.openSync(path, { create: true, write: true, truncate: true, mode: 0o600 });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ConfigError(`cannot write ${path}: ${why}`, { context: { subject: path }, cause });
  }
}
