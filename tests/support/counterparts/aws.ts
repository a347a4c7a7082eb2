import { MOTO_GAPS } from "../aws_answers.ts";
import { seedEstate } from "../aws_estate.ts";
import { type FaultRule, startFaultProxy } from "../fault_proxy.ts";
import { startMoto } from "../moto.ts";
import type { Counterpart, PluginCounterpart, Trouble } from "./counterpart.ts";

const REGION = "eu-west-1";

/** Moto behind a proxy that adds what it lacks. */
export const aws: PluginCounterpart = {
  plugin: "aws",
  base: new URL("../fast_aws/main.ts", import.meta.url),
  start,
};

async function start(holding: "everything" | "nothing"): Promise<Counterpart> {
  const moto = await startMoto();
  const parts = { members: 0, regions: [REGION], suspended: false };
  await seedEstate(moto, { ...parts, onlyOrganisation: holding === "nothing" });
  const proxy = startFaultProxy({ target: moto.url, rules: MOTO_GAPS });
  return {
    configuration: {
      options: {
        access_key_id: "testing",
        secret_access_key: "testing",
        endpoint_url: proxy.url,
        region: [REGION],
      },
    },
    trouble: (what) =>
      proxy.setRules([...(what === undefined ? [] : TROUBLES[what]), ...MOTO_GAPS]),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await moto[Symbol.asyncDispose]();
    },
  };
}

const TROUBLES: Readonly<Record<Trouble, readonly FaultRule[]>> = {
  "broken list": [{ operation: "DescribeVolumes", effect: { type: "unavailable" } }],
  "bad record": [{
    operation: "DescribeSnapshots",
    effect: {
      type: "answer",
      body: `<?xml version="1.0" encoding="UTF-8"?>
<DescribeSnapshotsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>
<snapshotSet><item><volumeSize>8</volumeSize></item></snapshotSet></DescribeSnapshotsResponse>`,
    },
  }],
  "no credentials": [{ effect: { type: "denied" } }],
};
