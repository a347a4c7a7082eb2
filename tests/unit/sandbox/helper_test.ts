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

/** A message of the agent protocol: its length, its number, its content. */
function agentMessage(number: number, content: readonly number[] = []): Uint8Array {
  return Uint8Array.from([0, 0, 0, content.length + 1, number, ...content]);
}

/** Answers the first message on a socket with bytes, in two parts. */
async function withAgent(answer: Uint8Array, task: (path: string) => Promise<void>) {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/socket`;
  const listener = Deno.listen({ transport: "unix", path });
  const serving = (async () => {
    for await (const connection of listener) {
      await connection.read(new Uint8Array(100));
      await connection.write(answer.subarray(0, 3));
      await connection.write(answer.subarray(3));
      connection.close();
    }
  })();
  try {
    await task(path);
  } finally {
    listener.close();
    await serving;
    await Deno.remove(folder, { recursive: true });
  }
}

async function askSocket(path: string, request: Uint8Array, allowed = [path]) {
  const call = { id: 1, path, args: [request.toBase64()] };
  const answer = await runHelper(call, "onprem", allowed, signal);
  assert.ok(answer.type === "helperResult");
  return answer;
}

Deno.test("runHelper() asks an agent whose socket is allowed", async () => {
  const keys = agentMessage(12, [0, 0, 0, 0]);
  await withAgent(keys, async (path) => {
    assert.equal((await askSocket(path, agentMessage(11))).output, keys.toBase64());
    assert.match((await askSocket(path, agentMessage(11), [])).error?.hint ?? "", /--allow-helper/);
  });
});

Deno.test("runHelper() lets an agent only list its keys and sign", async () => {
  await withAgent(agentMessage(6), async (path) => {
    const refused = [
      agentMessage(19),
      agentMessage(17, [1, 2]),
      agentMessage(0),
      Uint8Array.from([...agentMessage(11), ...agentMessage(19)]),
      new Uint8Array(0),
      new Uint8Array(3),
    ];
    for (const request of refused) {
      const { output, error } = await askSocket(path, request);
      assert.deepEqual([output, error?.code], [undefined, "helper.failed"]);
    }
  });
});

Deno.test("runHelper() tells that an agent answers too much, or half", async () => {
  await withAgent(Uint8Array.of(0, 255, 255, 255, 12), async (path) => {
    assert.match((await askSocket(path, agentMessage(11))).error?.message ?? "", /too much/);
  });
  await withAgent(Uint8Array.of(0, 0, 0, 9, 12), async (path) => {
    assert.match((await askSocket(path, agentMessage(11))).error?.message ?? "", /not answer/);
  });
});

Deno.test("runHelper() waits for an agent no longer than it is asked to", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/socket`;
  using listener = Deno.listen({ transport: "unix", path });
  const stop = new AbortController();
  const call = { id: 1, path, args: [agentMessage(11).toBase64()] };
  const asked = runHelper(call, "onprem", [path], stop.signal);
  using connection = await listener.accept();
  await connection.read(new Uint8Array(5));
  stop.abort(new Error("enough"));
  const answer = await asked;
  assert.match(answer.type === "helperResult" ? answer.error?.message ?? "" : "", /enough/);
  await Deno.remove(folder, { recursive: true });
});
