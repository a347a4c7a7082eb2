import assert from "node:assert/strict";
import { CloudError } from "ckworker";
import {
  baseCredentials,
  type BaseSource,
  describeSource,
  splitCommand,
} from "../../../../../plugins/aws/client/base_credentials.ts";
import { parseProfiles } from "../../../../../plugins/aws/discovery/profile.ts";

function source(more: Partial<BaseSource> = {}, config = ""): BaseSource {
  return {
    accessKeyId: undefined,
    secretAccessKey: undefined,
    profile: undefined,
    profiles: parseProfiles(config, ""),
    env: () => undefined,
    region: "eu-west-1",
    requestHandler: {},
    endpoint: undefined,
    helper: () => Promise.reject(new Error("no helper is expected")),
    ...more,
  };
}

const PROGRAM = "[work]\ncredential_process = /opt/creds work";

Deno.test("baseCredentials: static keys come first", async () => {
  const provide = baseCredentials(
    source({ accessKeyId: "key", secretAccessKey: "secret", profile: "work" }, PROGRAM),
  );
  assert.deepEqual(await provide(false), { accessKeyId: "key", secretAccessKey: "secret" });
});

Deno.test("baseCredentials: the profile's program is run by the host, with its expiry", async () => {
  const provide = baseCredentials(source({
    profile: "work",
    helper: (path, args) =>
      Promise.resolve(JSON.stringify({
        Version: 1,
        AccessKeyId: `${path} ${args}`,
        SecretAccessKey: "secret",
        SessionToken: "token",
        Expiration: "2026-01-01T00:00:00+01:00",
      })),
  }, PROGRAM));
  assert.deepEqual(await provide(false), {
    accessKeyId: "/opt/creds work",
    secretAccessKey: "secret",
    sessionToken: "token",
    expiration: new Date("2025-12-31T23:00:00Z"),
  });
});

for (
  const output of ["not json: hunter2", '{"Version":2}', '{"Version":1,"AccessKeyId":"hunter2"}']
) {
  Deno.test(`baseCredentials: a program that prints ${output} is an error that does not repeat it`, async () => {
    const provide = baseCredentials(
      source({ profile: "work", helper: () => Promise.resolve(output) }, PROGRAM),
    );
    await assert.rejects(
      provide(false),
      (error) =>
        error instanceof CloudError && error.fault === "no_credentials" &&
        !error.message.includes("hunter2"),
    );
  });
}

Deno.test("baseCredentials: a role on top of a program says how to get it", async () => {
  const config = `${PROGRAM}\n[top]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = work`;
  await assert.rejects(
    baseCredentials(source({ profile: "top" }, config))(false),
    (error) =>
      error instanceof CloudError && /profile top/.test(error.message) &&
      /--aws-role/.test(error.hint ?? ""),
  );
});

Deno.test("describeSource names where credentials come from, never a key", () => {
  assert.equal(describeSource(source({ accessKeyId: "AKIASECRET" })), "static keys");
  assert.equal(describeSource(source({ profile: "work" }, PROGRAM)), "profile work");
  const env = (name: string) => name === "AWS_ACCESS_KEY_ID" ? "AKIASECRET" : undefined;
  assert.equal(describeSource(source({ env })), "keys in the environment");
  assert.equal(describeSource(source()), "machine metadata");
});

Deno.test("splitCommand keeps quoted words together", () => {
  assert.deepEqual(splitCommand(`"/opt/my tools/x" --name "a \\"b\\"" c`), [
    "/opt/my tools/x",
    "--name",
    'a "b"',
    "c",
  ]);
});
