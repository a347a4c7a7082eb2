import assert from "node:assert/strict";
import { pluginOptionSet } from "../../../lib/config/mod.ts";
import { actionSubscriberId } from "../../../lib/sdk/mod.ts";
import { actions } from "../../../plugins/mod.ts";

Deno.test("action plugins: each has the step and the subscriber id that cores know", () => {
  assert.deepEqual(actions.map(({ manifest }) => actionSubscriberId("worker", manifest)), [
    "worker-actions-cleanup_plan-CleanupAWSAlarmsPlugin",
    "worker-actions-cleanup_plan-CleanupAWSLoadbalancersPlugin",
    "worker-actions-post_cleanup_plan-CleanupAWSVPCsPlugin",
    "worker-actions-cleanup_plan-CleanupExpiredPlugin",
    "worker-actions-cleanup_plan-CleanupUntaggedPlugin",
    "worker-actions-cleanup_plan-CleanupVolumesPlugin",
    "worker-actions-post_collect-ProtectSnowflakesPlugin",
    "worker-actions-pre_cleanup_plan-TagValidatorPlugin",
  ]);
});

Deno.test("action plugins: flags, variables, types and defaults", () => {
  const options = actions.flatMap(({ manifest }) => pluginOptionSet(manifest).options);
  assert.deepEqual(options.map(({ name, type, default: value }) => [name, type, value]), [
    ["cleanup-aws-alarms", "boolean", false],
    ["cleanup-aws-alarms-config", "string", undefined],
    ["cleanup-aws-loadbalancers", "boolean", false],
    ["cleanup-aws-loadbalancers-age", "string", "7 days"],
    ["cleanup-aws-vpcs", "boolean", false],
    ["cleanup-aws-vpcs-config", "string", undefined],
    ["cleanup-expired", "boolean", false],
    ["cleanup-untagged-config", "string", undefined],
    ["cleanup-volumes", "boolean", false],
    ["cleanup-volumes-age", "string", "14 days"],
    ["protect-snowflakes-config", "string", undefined],
    ["tagvalidator-config", "string", undefined],
    ["tagvalidator-dry-run", "boolean", false],
  ]);
  for (const { name, env, help } of options) {
    assert.equal(env, `CKWORKER_${name.toUpperCase().replaceAll("-", "_")}`);
    assert.ok(help.length > 10, name);
  }
});

Deno.test("action plugins: off unless their flag or their file is given", () => {
  for (const { manifest } of actions) {
    const { options, enabled, name } = manifest;
    assert.equal(enabled(options.parse({})).enabled, false, name);
    const given = "enabled" in options.shape ? { enabled: true } : { config: "c.yaml" };
    assert.equal(enabled(options.parse(given)).enabled, true, name);
  }
});

Deno.test("action plugins: the host reads their file and no other", () => {
  for (const { manifest } of actions) {
    const { options, files } = manifest;
    if (!("config" in options.shape)) assert.equal(files, undefined);
    else {
      assert.deepEqual(files?.(options.parse({})), []);
      const given = { config: "c.yaml", ..."enabled" in options.shape ? { enabled: true } : {} };
      assert.deepEqual(files?.(options.parse(given)), ["c.yaml"]);
    }
  }
});

Deno.test("action plugins: an age that is none is refused before anything starts", () => {
  for (const name of ["cleanup_volumes", "cleanup_aws_loadbalancers"]) {
    const manifest = actions.find((action) => action.manifest.name === name)?.manifest;
    const parsed = manifest?.options.safeParse({ age: "30 seconds" });
    assert.match(parsed?.error?.message ?? "", /must be a span of time/, name);
  }
});
