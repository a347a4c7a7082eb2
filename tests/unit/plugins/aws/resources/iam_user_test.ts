import assert from "node:assert/strict";
import { iamUser } from "../../../../../plugins/aws/resources/iam_user.ts";
import {
  type Answers,
  awsError,
  edgesOf,
  listFrom,
  recorded,
  theNode,
} from "../../../../support/aws_listing.ts";

const ANSWERS: Answers = {
  GetAccountAuthorizationDetails: () => recorded("GetAccountAuthorizationDetails.users"),
  ListUsers: () => recorded("ListUsers"),
  ListAccessKeys: ({ UserName: user }) =>
    user === "ada" ? recorded("ListAccessKeys") : { AccessKeyMetadata: [] },
  GetAccessKeyLastUsed: ({ AccessKeyId: key }) => ({
    UserName: "ada",
    AccessKeyLastUsed: key === "AKIA1"
      ? { LastUsedDate: new Date("2026-02-25T11:00:00Z"), Region: "eu-west-1", ServiceName: "s3" }
      : { Region: "N/A", ServiceName: "N/A" },
  }),
};

function fails(code: string, status = 400): () => never {
  return () => {
    throw awsError(code, status);
  };
}

Deno.test("iamUser: below its policies and groups, with tags and last login", async () => {
  const listed = await listFrom(ANSWERS, iamUser);
  const node = theNode(listed, "aws_iam_user", "AIDA1");
  assert.deepEqual(edgesOf(node), [
    "from aws_iam_policy arn arn:aws:iam::123456789012:policy/team/read-buckets",
    "from aws_iam_group name developers",
  ]);
  const { tags, atime, ctime, user_policies } = node.reported;
  assert.deepEqual([tags, atime, ctime, user_policies], [
    { team: "core" },
    new Date("2026-02-20T07:00:00Z"),
    new Date("2025-05-01T10:00:00Z"),
    ["inline-user"],
  ]);
  assert.equal(theNode(listed, "aws_iam_user", "AIDA2").reported["atime"], undefined);
});

Deno.test("iamUser: an access key has its user as only parent", async () => {
  const listed = await listFrom(ANSWERS, iamUser);
  const node = theNode(listed, "aws_iam_access_key", "AKIA1");
  assert.deepEqual([node.name, node.orphan, edgesOf(node)], [
    "AKIA1",
    true,
    ["from aws_iam_user id AIDA1"],
  ]);
  const { tags: _tags, ...reported } = node.reported;
  assert.deepEqual(reported, {
    user_name: "ada",
    access_key_status: "Active",
    ctime: new Date("2025-06-01T10:00:00Z"),
    atime: new Date("2026-02-25T11:00:00Z"),
    access_key_last_used_region: "eu-west-1",
    access_key_last_used_service_name: "s3",
  });
});

Deno.test("iamUser: a key that was never used has no last region and service", async () => {
  const { reported } = theNode(await listFrom(ANSWERS, iamUser), "aws_iam_access_key", "AKIA2");
  const { tags: _tags, ...rest } = reported;
  assert.deepEqual(rest, {
    user_name: "ada",
    access_key_status: "Inactive",
    ctime: new Date("2025-06-02T10:00:00Z"),
  });
});

Deno.test("iamUser: one that is gone before its keys are listed is no fault", async () => {
  const listed = await listFrom({
    ...ANSWERS,
    ListAccessKeys: (input, region) =>
      input["UserName"] === "bob"
        ? fails("NoSuchEntity", 404)()
        : ANSWERS["ListAccessKeys"]?.(input, region),
  }, iamUser);
  assert.deepEqual(listed.results, {
    aws_iam_user: { outcome: "complete", faults: [] },
    aws_iam_access_key: { outcome: "complete", faults: [] },
  });
  assert.equal(listed.nodes.length, 4);
});

Deno.test("iamUser: keys that may not be listed leave the users whole", async () => {
  const listed = await listFrom(
    { ...ANSWERS, ListAccessKeys: fails("AccessDenied", 403) },
    iamUser,
  );
  assert.equal(listed.results["aws_iam_user"]?.outcome, "complete");
  assert.equal(listed.results["aws_iam_access_key"]?.outcome, "denied");
});

Deno.test("iamUser: logins that cannot be read keep their last good time", async () => {
  const listed = await listFrom({ ...ANSWERS, ListUsers: fails("AccessDenied", 403) }, iamUser);
  assert.equal(listed.results["aws_iam_user"]?.outcome, "partial");
  assert.deepEqual(theNode(listed, "aws_iam_user", "AIDA1").keep, ["atime"]);
});
