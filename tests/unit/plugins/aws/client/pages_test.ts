import assert from "node:assert/strict";
import { Caller, isCode } from "../../../../../plugins/aws/engine/caller.ts";
import { CallFault } from "../../../../../plugins/aws/client/call_fault.ts";
import { Connection } from "../../../../../plugins/aws/client/connection.ts";
import { Session } from "../../../../../plugins/aws/client/session.ts";
import { createNetwork } from "../../../../../plugins/aws/discovery/network.ts";
import { call } from "../../../../../plugins/aws/resource.ts";
import { type Answer, awsError, FakeAws } from "../../../../support/fake_aws.ts";

const LIST = call("ListUsers", "Users[]", { PathPrefix: "/" });

function stage(...answers: readonly Answer[]) {
  const aws = new FakeAws().on("iam:ListUsers", ...answers);
  const machine = aws.machine();
  const network = createNetwork(
    { signal: new AbortController().signal, budgets: [] },
    machine,
    machine.pool(""),
    undefined,
    new Map([["iam:ListUsers", ["iam:ListUsers"]]]),
  );
  const session = new Session(
    "1",
    undefined,
    () => Promise.resolve({ accessKeyId: "key", secretAccessKey: "secret" }),
    () => 0,
  );
  const connection = new Connection(network, session, "us-east-1");
  const caller = new Caller({ "iam:ListUsers": ["Marker", "Marker"] });
  return { aws, connection, caller };
}

Deno.test("Caller.call joins all pages and repeats the input with each token", async () => {
  const { aws, connection, caller } = stage(
    () => ({ Users: [1, 2], Marker: "a" }),
    () => ({ Users: [], Marker: "b" }),
    () => ({ Users: [3] }),
  );
  const users = await aws.clock.run(caller.call(connection, LIST, "iam", { PathPrefix: "/" }));
  assert.deepEqual(users, [1, 2, 3]);
  assert.deepEqual(aws.made("iam:ListUsers").map(({ input }) => input), [
    { PathPrefix: "/" },
    { PathPrefix: "/", Marker: "a" },
    { PathPrefix: "/", Marker: "b" },
  ]);
});

Deno.test("Caller.call takes a token that comes twice for a list that is not whole", async () => {
  const { aws, connection, caller } = stage(
    () => ({ Users: [1], Marker: "a" }),
    () => ({ Users: [2], Marker: "b" }),
    () => ({ Users: [3], Marker: "a" }),
  );
  await assert.rejects(
    aws.clock.run(caller.call(connection, LIST, "iam", {})),
    (error) =>
      error instanceof CallFault && error.verdict.code === "RepeatedToken" &&
      error.outcome === "failed",
  );
});

Deno.test("Caller.call throttled on a later page waits and drops nothing", async () => {
  const { aws, connection, caller } = stage(
    () => ({ Users: [1], Marker: "a" }),
    () => {
      throw awsError("Throttling", "Rate exceeded", 400);
    },
    () => ({ Users: [2] }),
  );
  assert.deepEqual(await aws.clock.run(caller.call(connection, LIST, "iam", {})), [1, 2]);
});

Deno.test("Caller.call follows the token that a declaration names", async () => {
  const { aws, connection } = stage(
    () => ({ Users: [1], More: { Next: "n" } }),
    () => ({ Users: [2] }),
  );
  const operation = call("ListUsers", "Users[]", {}, { page: ["After", "More.Next"] });
  const users = await aws.clock.run(new Caller({}).call(connection, operation, "iam", {}));
  assert.deepEqual(users, [1, 2]);
  assert.equal(aws.made("iam:ListUsers")[1]?.input.After, "n");
});

Deno.test("Caller.call without list gives the value itself", async () => {
  const { aws, connection, caller } = stage(() => ({ Users: { Count: 3 } }));
  const value = await aws.clock.run(
    caller.call(connection, call("ListUsers", "Users.Count"), "iam", {}),
  );
  assert.equal(value, 3);
});

Deno.test("isCode knows the endings that the SDK puts behind codes", async () => {
  const { aws, connection, caller } = stage(() => {
    throw awsError("NoSuchEntityException", "gone", 404);
  });
  const error = await aws.clock.run(caller.call(connection, LIST, "iam", {})).then(
    () => assert.fail("must fail"),
    (thrown: unknown) => thrown,
  );
  assert.ok(isCode(error, ["NoSuchEntity"]));
  assert.ok(!isCode(error, ["NoSuch"]));
  assert.ok(!isCode(new Error("NoSuchEntity"), ["NoSuchEntity"]));
});

Deno.test("Caller.call takes a list that breaks off without a token for one that is not whole", async () => {
  const { aws, connection, caller } = stage(() => ({ Users: [1], IsTruncated: true }));
  await assert.rejects(
    aws.clock.run(caller.call(connection, LIST, "iam", {})),
    (error) => error instanceof CallFault && error.verdict.code === "TruncatedList",
  );
});

Deno.test("Caller.call takes an answer without the value that was asked for for a fault", async () => {
  const { aws, connection, caller } = stage(() => ({}));
  await assert.rejects(
    aws.clock.run(caller.call(connection, call("ListUsers", "User"), "iam", {})),
    /iam:ListUsers in 1 us-east-1 failed: IncompleteAnswer: the answer has no User/,
  );
});
