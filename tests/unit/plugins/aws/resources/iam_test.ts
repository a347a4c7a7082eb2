import assert from "node:assert/strict";
import type { Raw } from "../../../../../plugins/aws/resource.ts";
import { iamGroup } from "../../../../../plugins/aws/resources/iam_group.ts";
import { iamInstanceProfile } from "../../../../../plugins/aws/resources/iam_instance_profile.ts";
import { iamPolicy } from "../../../../../plugins/aws/resources/iam_policy.ts";
import { iamRole } from "../../../../../plugins/aws/resources/iam_role.ts";
import { iamServerCertificate } from "../../../../../plugins/aws/resources/iam_server_certificate.ts";
import { edgesOf, listFrom, recorded, theNode } from "../../../../support/aws_listing.ts";

const ARN = "arn:aws:iam::123456789012:";
const DOCUMENT = '{"Version":"2012-10-17"}';

/** A list of policies in two pages per scope, as IAM answers each. */
function policies(partition: string) {
  return ({ Scope: scope, Marker: marker }: Raw) => {
    const owner = scope === "AWS" ? "aws" : "123456789012";
    const number = marker === undefined ? 1 : 2;
    return {
      Policies: [{
        PolicyName: `${scope}${number}`,
        PolicyId: `ANPA${scope}${number}`,
        Arn: `arn:${partition}:iam::${owner}:policy/${scope}${number}`,
        CreateDate: new Date("2025-05-01T10:00:00Z"),
        UpdateDate: new Date("2025-05-02T10:00:00Z"),
      }],
      ...(marker === undefined ? { IsTruncated: true, Marker: `after ${scope}` } : {}),
    };
  };
}

Deno.test("iamPolicy: every page of a scope asks for that scope", async () => {
  const listed = await listFrom({ ListPolicies: policies("aws") }, iamPolicy);
  assert.deepEqual(listed.nodes.map(({ name }) => name).sort(), [
    "AWS1",
    "AWS2",
    "Local1",
    "Local2",
  ]);
  const second = listed.calls.filter(({ input }) => input["Marker"] === "after AWS");
  assert.deepEqual(second.map(({ input }) => [input["Scope"], input["OnlyAttached"]]), [
    ["AWS", true],
  ]);
  const { reported } = theNode(listed, "aws_iam_policy", "ANPALocal1");
  assert.deepEqual([reported["arn"], reported["ctime"], reported["mtime"]], [
    "arn:aws:iam::123456789012:policy/Local1",
    new Date("2025-05-01T10:00:00Z"),
    new Date("2025-05-02T10:00:00Z"),
  ]);
});

for (const partition of ["aws", "aws-cn"]) {
  Deno.test(`iamPolicy: those of the provider are phantom in partition ${partition}`, async () => {
    const answers = { ListPolicies: policies(partition) };
    const listed = await listFrom(answers, iamPolicy, { place: { partition } });
    const phantoms = listed.nodes.filter(({ phantom }) => phantom === true);
    assert.deepEqual(phantoms.map(({ name }) => name).sort(), ["AWS1", "AWS2"]);
  });
}

Deno.test("iamGroup: the next page is one of groups", async () => {
  const { GroupDetailList: groups } = recorded("GetAccountAuthorizationDetails.groups");
  const [first, second] = Array.isArray(groups) ? groups : [];
  const listed = await listFrom({
    GetAccountAuthorizationDetails: ({ Filter: filter, Marker: marker }) => {
      assert.deepEqual(filter, ["Group"]);
      return marker === undefined
        ? { GroupDetailList: [first], IsTruncated: true, Marker: "next" }
        : { GroupDetailList: [second] };
    },
  }, iamGroup);
  assert.deepEqual(listed.results, { aws_iam_group: { outcome: "complete", faults: [] } });
  assert.deepEqual(listed.nodes.map(({ name }) => name), ["developers", "empty"]);
});

Deno.test("iamGroup: below its policies; users find it by its name", async () => {
  const listed = await listFrom({
    GetAccountAuthorizationDetails: () => recorded("GetAccountAuthorizationDetails.groups"),
  }, iamGroup);
  const node = theNode(listed, "aws_iam_group", "AGPA1");
  assert.deepEqual([node.name, node.targets], ["developers", { name: "developers" }]);
  assert.deepEqual(edgesOf(node), [`from aws_iam_policy arn ${ARN}policy/team/read-buckets`]);
  assert.deepEqual(node.reported["group_policies"], ["inline-group"]);
  assert.deepEqual(node.reported["inline_policies"], { "inline-group": DOCUMENT });
  const empty = theNode(listed, "aws_iam_group", "AGPA2");
  assert.deepEqual([edgesOf(empty), empty.reported["group_policies"]], [[], []]);
});

Deno.test("iamRole: above its profiles and policies, with tags and last use", async () => {
  const listed = await listFrom({
    GetAccountAuthorizationDetails: () => recorded("GetAccountAuthorizationDetails.roles"),
  }, iamRole);
  const node = theNode(listed, "aws_iam_role", "AROA1");
  assert.deepEqual(edgesOf(node), [
    "to aws_iam_instance_profile id AIPA1",
    `to aws_iam_policy arn ${ARN}policy/team/read-buckets`,
    "to aws_iam_policy arn arn:aws:iam::aws:policy/ReadOnlyAccess",
  ]);
  const { tags, atime, role_policies, assume_role_policy_document } = node.reported;
  assert.deepEqual([tags, atime, role_policies, assume_role_policy_document], [
    { team: "core" },
    new Date("2026-02-27T09:00:00Z"),
    ["inline-role"],
    DOCUMENT,
  ]);
});

Deno.test("iamRole: no call per role, so one that is gone meanwhile harms nothing", async () => {
  const listed = await listFrom({
    GetAccountAuthorizationDetails: () => recorded("GetAccountAuthorizationDetails.roles"),
  }, iamRole);
  assert.deepEqual(listed.calls.map(({ operation, input }) => [operation, input["Filter"]]), [
    ["GetAccountAuthorizationDetails", ["Role"]],
  ]);
  assert.deepEqual(listed.results, { aws_iam_role: { outcome: "complete", faults: [] } });
});

Deno.test("iamRole: a document that is not escaped stays as it is; no use is no time", async () => {
  const listed = await listFrom({
    GetAccountAuthorizationDetails: () => recorded("GetAccountAuthorizationDetails.roles"),
  }, iamRole);
  const { reported } = theNode(listed, "aws_iam_role", "AROA2");
  assert.deepEqual([reported["assume_role_policy_document"], reported["atime"]], [
    "100%",
    undefined,
  ]);
});

Deno.test("iamInstanceProfile: instances find it by its ARN", async () => {
  const listed = await listFrom(
    { ListInstanceProfiles: () => recorded("ListInstanceProfiles") },
    iamInstanceProfile,
  );
  const node = theNode(listed, "aws_iam_instance_profile", "AIPA1");
  assert.deepEqual([node.name, node.targets], ["web", { arn: `${ARN}instance-profile/web` }]);
});

Deno.test("iamServerCertificate: expires, below its quota", async () => {
  const listed = await listFrom({
    ListServerCertificates: () => recorded("ListServerCertificates"),
    ListServiceQuotas: () => recorded("ListServiceQuotas.iam"),
  }, iamServerCertificate);
  const node = theNode(listed, "aws_iam_server_certificate", "ASCA1");
  const { path, expires, ctime } = node.reported;
  assert.deepEqual([path, expires, ctime], [
    "/cloudfront/",
    new Date("2027-05-01T10:00:00Z"),
    new Date("2025-05-01T10:00:00Z"),
  ]);
  assert.deepEqual(edgesOf(node), [
    "from aws_iam_server_certificate_quota id iam_server_certificates_quota",
  ]);
  const quota = theNode(listed, "aws_iam_server_certificate_quota");
  assert.deepEqual([quota.id, quota.reported["quota"], quota.phantom], [
    "iam_server_certificates_quota",
    20,
    true,
  ]);
});
