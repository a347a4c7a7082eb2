import assert from "node:assert/strict";
import { z } from "zod";
import { runTestAction } from "../support/action_run.ts";
import { coreNode, graphCore } from "../support/graph_core.ts";

const attemptSchema = z.object({
  log: z.object({
    event: z.literal("attempt"),
    message: z.string(),
    fields: z.object({ result: z.string() }),
  }),
});

for (const fork of [false, true]) {
  const where = fork ? "in a process of its own" : "in this process";
  Deno.test(`an action plugin ${where} reaches nothing but its host`, async () => {
    const told: unknown[] = [];
    await runTestAction({ told, fork, options: { script: "escape" } });
    const attempts = told.flatMap((each) => attemptSchema.safeParse(each).data?.log ?? []);
    assert.equal(attempts.length, 10);
    for (const { message, fields } of attempts) {
      assert.match(fields.result, /^refused: .*(Requires|access)/, message);
    }
  });
}

for (
  const [script, message] of [
    ["patchReported", /message of wrong form/],
    ["decideReplace", /message of wrong form/],
    ["decideOddly", /message of wrong form/],
    ["decideSilently", /message of wrong form/],
    ["decideMuch", /message of wrong form/],
    ["moreUnasked", /sent "more" out of turn/],
    ["sameIdTwice", /sent "ask" out of turn/],
    ["askMuch", /sent "ask" out of turn/],
    ["lines", /sent "stream" out of turn|crashed|wrong form/],
    ["change", /sent "serving" out of turn/],
  ] as const
) {
  Deno.test(`an action plugin that lies is ended and changes nothing: ${script}`, async () => {
    const core = graphCore({
      async *query(_, signal) {
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
        yield coreNode("n1");
      },
    });
    await assert.rejects(runTestAction({ core, options: { script } }), message);
    assert.deepEqual(core.patches, []);
  });
}
