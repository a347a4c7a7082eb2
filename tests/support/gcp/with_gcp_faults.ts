import assert from "node:assert/strict";
import type { FakeEffect, FakeRule } from "../saas/fake_api.ts";
import { collectWithFaults, type Faulted } from "../saas/with_faults.ts";
import { fill } from "./estate.ts";
import { type FakeGoogle, startGoogle } from "./fake_google.ts";

/** Collectors of the calls that are broken one by one: such a fault needs no more. */
export const FEW = {
  collect: [
    "accelerator_types",
    "buckets",
    "container_clusters",
    "databases",
    "firewall_policies",
    "instance_groups",
    "instances",
    "machine_types",
    "networks",
    "project_billing_info",
    "pubsub_topics",
    "scc_findings",
    "services",
    "sql_backup_runs",
    "sql_databases",
    "vertex_ai_model_evaluations",
    "vertex_ai_models",
  ],
};

/** A run of everything with faults between two without. */
export async function withFaults(...rules: readonly FakeRule[]): Promise<Faulted> {
  return await withBehaviour(() => {}, ...rules);
}

/** @param change how the cloud behaves, for the run with faults alone */
export async function withBehaviour(
  change: (google: FakeGoogle) => void,
  ...rules: readonly FakeRule[]
): Promise<Faulted> {
  return await collectBroken({}, change, rules);
}

/** The same with more options. */
export async function collectBroken(
  given: object,
  change: (google: FakeGoogle) => void,
  rules: readonly FakeRule[],
): Promise<Faulted> {
  await using google = await startGoogle();
  fill(google);
  const options = {
    service_account: [google.key("worker@p.test")],
    endpoint_url: google.endpoints,
    ...given,
  };
  const { behaviour } = google;
  const setRules = google.setRules;
  const found = await collectWithFaults(
    "gcp",
    {
      ...google,
      get requests() {
        return google.requests;
      },
      setRules(next) {
        setRules(next);
        google.behaviour = behaviour;
        if (next === rules) change(google);
      },
    },
    options,
    rules,
  );
  assert.deepEqual(google.problems, []);
  return found;
}

/** An answer that refuses, in the form of Google. */
export function refuse(
  status: number,
  reason: string,
  message = "no",
  more: object = {},
): FakeEffect {
  const error = { code: status, message, errors: [{ reason, message }], ...more };
  return { type: "answer", status, body: JSON.stringify({ error }) };
}

/** The good answer, changed. */
export const changed = (change: (value: Record<string, unknown>) => unknown): FakeEffect => ({
  type: "change",
  change: (value) => change(Object(value)),
});
