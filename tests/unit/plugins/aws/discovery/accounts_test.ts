import assert from "node:assert/strict";
import {
  chooseAccounts,
  type OrganisationAccount,
} from "../../../../../plugins/aws/discovery/accounts.ts";
import { options as schema } from "../../../../../plugins/aws/options.ts";

const CURRENT = "111111111111";
const MEMBER = "222222222222";
const OTHER = "333333333333";

const organisation: readonly OrganisationAccount[] = [
  { id: CURRENT, name: "root", state: "ACTIVE" },
  { id: MEMBER, name: "member", state: "ACTIVE" },
  { id: OTHER, name: "other", state: "ACTIVE" },
];

function choose(
  options: Readonly<Record<string, unknown>>,
  listed: readonly OrganisationAccount[] | undefined = undefined,
) {
  return chooseAccounts({
    options: schema.parse(options),
    current: CURRENT,
    organisation: listed,
    allKinds: true,
  });
}

const scrape = { role: "reader", scrape_org: true };

Deno.test("chooseAccounts takes the current account alone by default", () => {
  const { entries, report, warnings } = choose({});
  assert.deepEqual(entries, [{ id: CURRENT }]);
  assert.deepEqual(report, { complete: false, accounts: [{ id: CURRENT }], unfiltered: true });
  assert.deepEqual(warnings, []);
});

Deno.test("chooseAccounts takes given accounts with the role, each once", () => {
  const { entries, report } = choose({ role: "reader", account: [MEMBER, OTHER, MEMBER] });
  assert.deepEqual(entries, [{ id: MEMBER, role: "reader" }, { id: OTHER, role: "reader" }]);
  assert.equal(report.unfiltered, false);
});

Deno.test("chooseAccounts without role says that accounts and organisation have no effect", () => {
  const { entries, warnings } = choose({ account: [MEMBER], scrape_org: true });
  assert.deepEqual(entries, [{ id: CURRENT }]);
  assert.deepEqual(warnings, [
    "--aws-scrape-org needs --aws-role",
    "--aws-account needs --aws-role",
  ]);
});

Deno.test("chooseAccounts takes members with the role and the current account without", () => {
  const { entries, report } = choose(scrape, organisation);
  assert.deepEqual(entries, [
    { id: MEMBER, name: "member", role: "reader" },
    { id: OTHER, name: "other", role: "reader" },
    { id: CURRENT, name: "root" },
  ]);
  assert.equal(report.complete, true);
  assert.equal(report.unfiltered, true);
});

Deno.test("chooseAccounts leaves excluded members out and says so, but not the current account", () => {
  const { entries, report } = choose(
    { ...scrape, scrape_exclude_account: [MEMBER, CURRENT] },
    organisation,
  );
  assert.deepEqual(entries.map(({ id }) => id), [OTHER, CURRENT]);
  assert.deepEqual(report.skipped, [{ id: MEMBER, reason: "excluded" }]);
  assert.equal(report.unfiltered, false);
});

Deno.test("chooseAccounts skips suspended and closing accounts instead of failing on them", () => {
  const { entries, report } = choose(scrape, [
    ...organisation.slice(0, 1),
    { id: MEMBER, state: "SUSPENDED" },
    { id: OTHER, state: "PENDING_CLOSURE" },
  ]);
  assert.deepEqual(entries.map(({ id }) => id), [CURRENT]);
  assert.deepEqual(report.skipped, [
    { id: MEMBER, reason: "suspended" },
    { id: OTHER, reason: "pending_closure" },
  ]);
});

Deno.test("chooseAccounts collects the current account once when its role is to be assumed", () => {
  const { entries, warnings } = choose({ ...scrape, assume_current: true }, organisation);
  assert.deepEqual(entries.filter(({ id }) => id === CURRENT), [
    { id: CURRENT, name: "root", role: "reader" },
  ]);
  assert.equal(warnings.length, 1);
});

Deno.test("chooseAccounts leaves the current account out on demand and reports it as skipped", () => {
  const { entries, report } = choose({ ...scrape, dont_scrape_current: true }, organisation);
  assert.deepEqual(entries.map(({ id }) => id), [MEMBER, OTHER]);
  assert.deepEqual(report.skipped, [{ id: CURRENT, reason: "current account left out" }]);
  assert.equal(report.unfiltered, false);
});

Deno.test("chooseAccounts without the organisation's list is not complete", () => {
  const { entries, report } = choose(scrape, undefined);
  assert.deepEqual(entries, [{ id: CURRENT }]);
  assert.equal(report.complete, false);
});

Deno.test("chooseAccounts may leave nothing, which is no error", () => {
  const { entries } = choose(
    { ...scrape, dont_scrape_current: true, scrape_exclude_account: [MEMBER, OTHER] },
    organisation,
  );
  assert.deepEqual(entries, []);
});

Deno.test("chooseAccounts assumes the role in the current account when it overrides", () => {
  const { entries } = choose({ role: "reader", role_override: true });
  assert.deepEqual(entries, [{ id: CURRENT, role: "reader" }]);
});

Deno.test("chooseAccounts with given regions or kinds is filtered", () => {
  assert.equal(choose({ region: ["eu-west-1"] }).report.unfiltered, false);
  const parsed = schema.parse({});
  const found = { options: parsed, current: CURRENT, organisation: undefined, allKinds: false };
  assert.equal(chooseAccounts(found).report.unfiltered, false);
});
