import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { binaryPath, runProgram } from "../support/binary.ts";
import { startGraphServer } from "../support/remote/graph_server.ts";
import { temporaryFolder } from "../support/store.ts";

Deno.test("binary: a graph that one exports another reads, from a file and from a server, with --fork", async () => {
  using folder = temporaryFolder();
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await runProgram(binaryPath(), args, { cwd: folder.path });
    assert.equal(code, 0, stdout + stderr);
    return stdout;
  };
  const random = ["--collector", "random", "--random-size", "500"];
  const made = await run("--once", ...random, "--store", "made.db");
  await run("export", "--store", "made.db", "graph.ndjson");
  const graph = readFileSync(`${folder.path}/graph.ndjson`);
  await using server = startGraphServer(new Uint8Array(gzipSync(graph)));
  const kinds = (text: string) => text.split("\n").filter((line) => line.startsWith("random_"));
  for (
    const [name, endpoint] of [["file", `file://${folder.path}/graph.ndjson`], [
      "server",
      server.graph,
    ]]
  ) {
    const remote = [
      "--collector",
      "remote",
      "--remote-endpoint",
      endpoint ?? "",
      "--remote-cloud",
      "random",
    ];
    const read = await run("--once", ...remote, "--fork", "--store", `${name}.db`);
    assert.deepEqual(kinds(read), kinds(made));
    assert.match(read, /^Stored in \S+: 509 nodes, /);
  }
  const other = await runProgram(binaryPath(), [
    ...["--once", "--collector", "random", "remote", "--store", "other.db"],
    ...["--remote-endpoint", `file://${folder.path}/graph.ndjson`, "--remote-cloud", "random"],
  ], { cwd: folder.path });
  assert.equal(other.code, 2);
});
