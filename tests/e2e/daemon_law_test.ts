import assert from "node:assert/strict";
import { MOTO_GAPS } from "../support/aws_answers.ts";
import { AWS_KEYS } from "../support/aws_binary.ts";
import { seedEstate } from "../support/aws_estate.ts";
import { collectAt, idsAt } from "../support/daemon_core.ts";
import { makeWorkerPlace, type WorkerPlace } from "../support/daemon_binary.ts";
import { type CoreDialect, type FakeCore, startFakeCore } from "../support/fake_core.ts";
import { type FaultProxy, type FaultRule, startFaultProxy } from "../support/fault_proxy.ts";
import { startMoto } from "../support/moto.ts";
import { callMoto } from "../support/moto_call.ts";

/** One server for all tests; each adds to it. It ends with this process. */
const moto = await startMoto();
const estate = await seedEstate(moto, { members: 1, regions: ["eu-west-1"], suspended: false });
const [MANAGEMENT = "", MEMBER = ""] = estate.accounts.map(({ id }) => id);

/** What is denied, and by which words the worker tells of it. */
const FAULTS: Readonly<Record<string, FaultRule>> = {
  "an account whose role cannot be assumed": {
    operation: "AssumeRole",
    effect: { type: "denied" },
  },
  "an account that denies everything": { account: MEMBER, effect: { type: "denied" } },
  "a kind that one account denies": {
    account: MEMBER,
    operation: "DescribeVolumes",
    effect: { type: "denied" },
  },
  "the list of accounts": { operation: "ListAccounts", effect: { type: "denied" } },
};

function startWorker(core: FakeCore, proxy: FaultProxy, place: WorkerPlace) {
  const flags = [
    ...["--collector", "aws", "--aws-endpoint-url", proxy.url, "--aws-role", estate.role],
    ...["--aws-scrape-org", "--aws-region", "eu-west-1"],
  ];
  return place.start({ core, flags, env: AWS_KEYS });
}

/** Ids of everything at a core, by the cloud's account. */
function everything(core: FakeCore): readonly string[] {
  return idsAt(core, /^aws_/);
}

/** Something new in the account that is never denied. @returns its id */
async function makeVpc(): Promise<string> {
  const parameters = { Action: "CreateVpc", Version: "2016-11-15", CidrBlock: "10.9.0.0/16" };
  const answer = await callMoto(moto, "ec2", "eu-west-1", parameters);
  return /<vpcId>([^<]+)</.exec(answer)?.[1] ?? "";
}

for (const dialect of ["ckcore", "fixcore"] satisfies readonly CoreDialect[]) {
  Deno.test(`daemon at ${dialect}: what AWS denies deletes nothing at the core, and the rest goes on`, async (t) => {
    await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
    await using core = await startFakeCore({ dialect });
    await using place = await makeWorkerPlace();
    const worker = startWorker(core, proxy, place);
    await worker.ready();
    await collectAt(core);
    for (const [what, rule] of Object.entries(FAULTS)) {
      await t.step(what, async () => {
        const before = everything(core);
        const made = await makeVpc();
        proxy.setRules([rule, ...MOTO_GAPS]);
        await collectAt(core);
        const during = everything(core);
        assert.deepEqual(before.filter((id) => !during.includes(id)), []);
        assert.ok(during.includes(made), `${made} of ${MANAGEMENT} is there`);
      });
    }
    assert.equal((await worker.stop()).code, 0);
  });

  Deno.test(`daemon at ${dialect}: with a new store, what AWS denies stays at the core, read or not`, async (t) => {
    await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
    await using core = await startFakeCore({ dialect });
    const collectAnew = async () => {
      await using place = await makeWorkerPlace();
      const worker = startWorker(core, proxy, place);
      await worker.ready();
      const step = await core.runStep("collect");
      assert.equal((await worker.stop()).code, 0);
      return step;
    };
    await collectAnew();
    for (const readable of [true, false]) {
      await t.step(readable ? "the core is read" : "the core cannot be read", async () => {
        const before = everything(core);
        const made = await makeVpc();
        proxy.setRules([{ account: MEMBER, effect: { type: "denied" } }, ...MOTO_GAPS]);
        core.setFaults(
          readable ? [] : [{
            on: "request",
            match: { path: /\/(query|search)\// },
            effect: { type: "answer", status: 500 },
          }],
        );
        const { answers } = await collectAnew();
        assert.deepEqual(answers.map(({ kind }) => kind), ["action_done"], answers[0]?.error);
        const during = everything(core);
        assert.deepEqual(before.filter((id) => !during.includes(id)), []);
        assert.ok(during.includes(made), `${made} of ${MANAGEMENT} is there`);
        assert.deepEqual([core.violations, core.importErrors], [[], []]);
      });
    }
  });

  Deno.test(`daemon at ${dialect}: no credentials upload nothing and say so`, async () => {
    await using proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
    await using core = await startFakeCore({ dialect });
    await using place = await makeWorkerPlace();
    const flags = ["--collector", "aws", "--aws-endpoint-url", proxy.url];
    const env = { AWS_EC2_METADATA_DISABLED: "true" };
    const worker = place.start({ core, flags, env });
    await worker.ready();
    const { answers } = await core.runStep("collect");
    assert.equal(answers[0]?.kind, "action_error");
    assert.match(answers[0]?.error ?? "", /aws/);
    assert.equal(core.requests.filter(({ path }) => path.endsWith("/merge")).length, 0);
    assert.equal((await worker.stop()).code, 0);
  });
}
