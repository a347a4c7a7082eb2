import assert from "node:assert/strict";
import { RESERVATIONS, reservations } from "../../../../../plugins/aws/hooks/reservations.ts";
import { createTools } from "../../../../support/aws_tools.ts";

const FOUND = [
  { InstanceType: "m5.large", InstanceCount: 2, State: "active", Scope: "Region" },
  { InstanceType: "m5.large", InstanceCount: 3, State: "active", Scope: "Region" },
  { InstanceType: "t3.micro", InstanceCount: 1, State: "active", Scope: "Availability Zone" },
  { InstanceType: "t3.micro", InstanceCount: 9, State: "retired", Scope: "Region" },
  { InstanceCount: 9, State: "active" },
];

Deno.test("reservations: active ones are added up by type, zonal ones too", async () => {
  const tools = createTools({ answers: { DescribeReservedInstances: () => FOUND } });
  assert.deepEqual(
    await reservations(tools),
    new Map([["m5.large", 5], ["t3.micro", 1]]),
  );
});

Deno.test("RESERVATIONS: a type without reservation has none, and the list is asked once", async () => {
  const tools = createTools({ answers: { DescribeReservedInstances: () => FOUND } });
  await reservations(tools);
  const types = ["m5.large", "c5.large"].map((InstanceType) => ({ InstanceType }));
  assert.deepEqual(await RESERVATIONS.run(types, tools), [5, 0]);
  assert.equal(tools.calls.length, 1);
});

Deno.test("RESERVATIONS: a failed call is no zero", async () => {
  const tools = createTools({
    answers: {
      DescribeReservedInstances: () => {
        throw new Error("denied");
      },
    },
  });
  await assert.rejects(RESERVATIONS.run([{ InstanceType: "m5.large" }], tools), /denied/);
});
