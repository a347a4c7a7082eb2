import assert from "node:assert/strict";
import { runHelper } from "../../../lib/sandbox/helper.ts";

const signal = new AbortController().signal;

Deno.test("runHelper() gives the output of an allowed helper", async () => {
  const call = { id: 7, path: "/bin/echo", args: ["a key"] };
  assert.deepEqual(await runHelper(call, "aws", ["/bin/echo"], signal), {
    type: "helperResult",
    id: 7,
    output: "a key\n",
  });
});

Deno.test("runHelper() refuses a helper that is not allowed and names the flag", async () => {
  const answer = await runHelper({ id: 1, path: "/bin/echo", args: [] }, "aws", [], signal);
  assert.ok(answer.type === "helperResult");
  assert.equal(answer.error?.code, "sandbox.denied");
  assert.match(answer.error?.hint ?? "", /--allow-helper \/bin\/echo/);
});

Deno.test("runHelper() tells that a helper failed, without its output", async () => {
  const call = { id: 1, path: "/bin/sh", args: ["-c", "echo secret; exit 3"] };
  const answer = await runHelper(call, "aws", ["/bin/sh"], signal);
  assert.ok(answer.type === "helperResult");
  assert.match(answer.error?.message ?? "", /ended with code 3/);
  assert.equal(JSON.stringify(answer).includes("secret;"), false);
  assert.equal(answer.output, undefined);
});

Deno.test("runHelper() answers when the helper does not exist", async () => {
  const call = { id: 1, path: "/nowhere/helper", args: [] };
  const answer = await runHelper(call, "aws", ["/nowhere/helper"], signal);
  assert.ok(answer.type === "helperResult" && answer.error !== undefined);
});
