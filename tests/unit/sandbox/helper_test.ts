import assert from "node:assert/strict";
import { Helpers, runHelper } from "../../../lib/sandbox/helper.ts";

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

Deno.test("Helpers runs one at a time, in order, and lets only so many wait", async () => {
  let running = 0;
  const order: number[] = [];
  const helpers = new Helpers(async ({ id }) => {
    assert.equal(++running, 1);
    order.push(id);
    await Promise.resolve();
    running--;
    return { type: "helperResult", id, output: "" };
  });
  const answers = Array.from({ length: 21 }, (_, id) => helpers.call({ id, path: "/x", args: [] }));
  assert.equal(answers.at(-1), undefined);
  await Promise.all(answers);
  assert.deepEqual(order, Array.from({ length: 20 }, (_, id) => id));
  assert.notEqual(helpers.call({ id: 99, path: "/x", args: [] }), undefined, "there is room again");
});
