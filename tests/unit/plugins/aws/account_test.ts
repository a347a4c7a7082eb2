import assert from "node:assert/strict";
import { account } from "../../../../plugins/aws/engine/base.ts";
import { call, type Resource } from "../../../../plugins/aws/resource.ts";
import { type Answers, awsError, listFrom, theNode } from "../../../support/aws_listing.ts";

/** The account as a listing of its own; the engine makes its structure otherwise. */
const listing: Resource = {
  ...account,
  service: "iam",
  scope: "global",
  collector: "iam_account_summary",
  list: call("ListAccounts", "Accounts[]", {}, { service: "organizations" }),
};

const ANSWERS: Answers = {
  ListAccounts: () => ({ Accounts: [{ Id: "123456789012" }] }),
  ListAccountAliases: () => ({ AccountAliases: ["shop"] }),
  GetAccountSummary: () => ({ SummaryMap: { Users: 4, Groups: 2, AccountMFAEnabled: 1 } }),
  GetAccountPasswordPolicy: () => ({
    PasswordPolicy: { MinimumPasswordLength: 14, RequireSymbols: true, MaxPasswordAge: 90 },
  }),
};

Deno.test("account: figures and password policy; what IAM leaves out is zero or false", async () => {
  const node = theNode(await listFrom(ANSWERS, listing), "aws_account");
  assert.equal(node.name, "shop");
  const { users, groups, account_mfa_enabled, mfa_devices } = node.reported;
  assert.deepEqual([users, groups, account_mfa_enabled, mfa_devices], [4, 2, 1, 0]);
  const { minimum_password_length, max_password_age, password_reuse_prevention } = node.reported;
  assert.deepEqual([minimum_password_length, max_password_age, password_reuse_prevention], [
    14,
    90,
    0,
  ]);
  assert.deepEqual([node.reported["require_symbols"], node.reported["require_numbers"]], [
    true,
    false,
  ]);
});

Deno.test("account: without a password policy its rules are unknown, which is no fault", async () => {
  const listed = await listFrom({
    ...ANSWERS,
    GetAccountPasswordPolicy: () => {
      throw awsError("NoSuchEntityException", 404);
    },
  }, listing);
  assert.deepEqual(listed.results, { aws_account: { outcome: "complete", faults: [] } });
  const { reported, keep } = theNode(listed, "aws_account");
  assert.deepEqual([reported["require_symbols"], reported["minimum_password_length"], keep], [
    undefined,
    undefined,
    undefined,
  ]);
  assert.equal(reported["users"], 4);
});

Deno.test("account: a summary that may not be read keeps the last good figures", async () => {
  const listed = await listFrom({
    ...ANSWERS,
    GetAccountSummary: () => {
      throw awsError("AccessDenied", 403);
    },
  }, listing);
  assert.equal(listed.results["aws_account"]?.outcome, "partial");
  const keep = theNode(listed, "aws_account").keep ?? [];
  assert.ok(keep.includes("users") && keep.includes("server_certificates"));
  assert.ok(!keep.includes("require_symbols") && !keep.includes("account_alias"));
});
