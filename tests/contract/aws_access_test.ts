import assert from "node:assert/strict";
import { join } from "node:path";
import { startConnectProxy, startTlsFront } from "../support/connect_proxy.ts";
import { startMoto } from "../support/moto.ts";

/** One server for all tests, which leave it as it is; it ends with this process. */
const moto = await startMoto();
const MAIN = new URL("../../main.ts", import.meta.url).pathname;
const CURRENT = "123456789012";
const OTHER = "222222222222";
const KEYS = { AWS_ACCESS_KEY_ID: "testing", AWS_SECRET_ACCESS_KEY: "testing" };

interface Home extends AsyncDisposable {
  readonly path: string;
  /** Runs the program with the VPCs of one region; the variables given are all that it has. */
  run(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended>;
}

interface Ended {
  readonly code: number;
  readonly text: string;
}

/** A home folder with these files. */
async function makeHome(files: Readonly<Record<string, string>> = {}): Promise<Home> {
  const path = await Deno.makeTempDir({ prefix: "ckworker-home-" });
  for (const [name, text] of Object.entries(files)) {
    await Deno.mkdir(join(path, name, ".."), { recursive: true });
    await Deno.writeTextFile(join(path, name), text.replaceAll("HOME", path), { mode: 0o755 });
  }
  return {
    path,
    run: (env, ...args) => runProgram({ HOME: path, ...env }, join(path, "store.db"), args),
    [Symbol.asyncDispose]: () => Deno.remove(path, { recursive: true }),
  };
}

async function runProgram(
  env: Readonly<Record<string, string>>,
  store: string,
  args: readonly string[],
): Promise<Ended> {
  const fixed = ["--once", "--collector", "aws", "--store", store, "--aws-region", "eu-west-1"];
  const part = ["--aws-collect", "vpcs", "--aws-no-collect", "quotas"];
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--no-check", "--cached-only", MAIN, ...fixed, ...part, ...args],
    clearEnv: true,
    env: { ...runtimeEnv(), ...env },
  }).output();
  return { code, text: new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr) };
}

/** Where the runtime finds its cache when the home folder is another one. */
function runtimeEnv(): Record<string, string> {
  const home = Deno.env.get("HOME") ?? "";
  return {
    DENO_NO_UPDATE_CHECK: "1",
    PATH: Deno.env.get("PATH") ?? "",
    DENO_DIR: Deno.env.get("DENO_DIR") ?? join(home, ".cache", "deno"),
  };
}

function assertCollected({ code, text }: Ended, account: string): void {
  assert.equal(code, 0, text);
  assert.match(text, new RegExp(`aws +${account} +\\d+ +4 complete`), text);
}

/** Gives credentials as AWS's own services inside a machine, a task or a login do. */
function startCredentialServer() {
  const asked: string[] = [];
  const keys = { AccessKeyId: "testing", SecretAccessKey: "testing", Token: "token" };
  const expires = new Date(Date.now() + 3_600_000);
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, (request) => {
    const { pathname } = new URL(request.url);
    asked.push(pathname);
    if (pathname === "/latest/api/token") return new Response("token");
    if (pathname.endsWith("/security-credentials/")) return new Response("role");
    if (pathname === "/federation/credentials") {
      return Response.json({
        roleCredentials: {
          accessKeyId: "testing",
          secretAccessKey: "testing",
          sessionToken: request.headers.get("x-amz-sso_bearer_token"),
          expiration: expires.getTime(),
        },
      });
    }
    return Response.json({ ...keys, Code: "Success", Expiration: expires.toISOString() });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    asked,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const MOTO = { AWS_ENDPOINT_URL: moto.url };

const CONFIG = `[profile base]
aws_access_key_id = testing
aws_secret_access_key = testing

[profile chained]
role_arn = arn:aws:iam::${OTHER}:role/reader
source_profile = base

[profile pod]
role_arn = arn:aws:iam::${OTHER}:role/reader
web_identity_token_file = HOME/token

[profile program]
credential_process = "HOME/my creds" --for test

[profile corp]
sso_start_url = https://corp.awsapps.com/start
sso_region = eu-west-1
sso_account_id = ${CURRENT}
sso_role_name = reader
`;

const PROGRAM = `#!/bin/sh
[ "$*" = "--for test" ] || exit 3
echo '{"Version":1,"AccessKeyId":"testing","SecretAccessKey":"testing"}'
`;

Deno.test("aws guest: keys in variables", async () => {
  await using home = await makeHome();
  assertCollected(await home.run({ ...MOTO, ...KEYS }), CURRENT);
});

for (
  const [title, env, args, account] of [
    ["keys of a profile", {}, ["--aws-profile", "base"], CURRENT],
    ["a profile's role, with the keys of another profile", { AWS_PROFILE: "chained" }, [], OTHER],
    ["a web identity token", {}, ["--aws-profile", "pod"], OTHER],
  ] as const
) {
  Deno.test(`aws guest: ${title}`, async () => {
    await using home = await makeHome({ ".aws/config": CONFIG, token: "token" });
    assertCollected(await home.run({ ...MOTO, ...env }, ...args), account);
  });
}

Deno.test("aws guest: a program that prints credentials runs on the host, and only if allowed", async () => {
  await using home = await makeHome({ ".aws/config": CONFIG, "my creds": PROGRAM });
  const refused = await home.run(MOTO, "--aws-profile", "program");
  assert.equal(refused.code, 1);
  assert.match(refused.text, /may not run the helper .*--allow-helper/);
  const program = join(home.path, "my creds");
  const allowed = await home.run(MOTO, "--aws-profile", "program", "--allow-helper", program);
  assertCollected(allowed, CURRENT);
});

Deno.test("aws guest: a login session of single sign-on", async () => {
  await using server = startCredentialServer();
  const cache = `.aws/sso/cache/${await sha1("https://corp.awsapps.com/start")}.json`;
  const token = { accessToken: "bearer", expiresAt: "2099-01-01T00:00:00Z", region: "eu-west-1" };
  await using home = await makeHome({ ".aws/config": CONFIG, [cache]: JSON.stringify(token) });
  const env = { ...MOTO, AWS_ENDPOINT_URL_SSO: server.url };
  assertCollected(await home.run(env, "--aws-profile", "corp"), CURRENT);
  assert.deepEqual(server.asked, ["/federation/credentials"]);
});

Deno.test("aws guest: an expired login session is named with its cure", async () => {
  await using home = await makeHome({ ".aws/config": CONFIG });
  const { code, text } = await home.run(MOTO, "--aws-profile", "corp");
  assert.equal(code, 1);
  assert.match(text, /aws sso login/);
});

Deno.test("aws guest: credentials of a container", async () => {
  await using server = startCredentialServer();
  await using home = await makeHome();
  const env = { ...MOTO, AWS_CONTAINER_CREDENTIALS_FULL_URI: `${server.url}/v1/credentials` };
  assertCollected(await home.run(env), CURRENT);
  assert.deepEqual(server.asked, ["/v1/credentials"]);
});

Deno.test("aws guest: credentials of a machine", async () => {
  await using server = startCredentialServer();
  await using home = await makeHome();
  const env = { ...MOTO, AWS_EC2_METADATA_SERVICE_ENDPOINT: server.url };
  assertCollected(await home.run(env), CURRENT);
  assert.equal(server.asked[0], "/latest/api/token");
});

Deno.test("aws guest: no credentials are one error, and the store stays as it was", async () => {
  await using home = await makeHome();
  assertCollected(await home.run({ ...MOTO, ...KEYS }), CURRENT);
  const { code, text } = await home.run({ ...MOTO, AWS_EC2_METADATA_DISABLED: "true" });
  assert.equal(code, 1);
  assert.match(text, /no AWS credentials that work/);
  assert.match(text, /aws_vpc +\d+ +\d+/, "the VPCs are still there, stale");
});

Deno.test("aws guest: a profile that does not exist is named with those that do", async () => {
  await using home = await makeHome({ ".aws/config": CONFIG });
  const { code, text } = await home.run(MOTO, "--aws-profile", "bas");
  assert.equal(code, 1);
  assert.match(text, /there is no AWS profile bas .*base, chained, corp/s);
});

Deno.test("aws guest: real host names through a proxy, with an authority of one's own", async () => {
  const names = ["*.amazonaws.com", "*.eu-west-1.amazonaws.com"];
  await using front = await startTlsFront(moto.url, names);
  await using proxy = startConnectProxy(() => `127.0.0.1:${front.port}`);
  await using home = await makeHome();
  const env = { ...KEYS, HTTPS_PROXY: proxy.url };
  assertCollected(await home.run(env, "--ca-cert", front.caFile), CURRENT);
  assertCollected(await home.run({ ...env, AWS_CA_BUNDLE: front.caFile }), CURRENT);
  assert.deepEqual([...new Set(proxy.asked)].sort(), [
    "ec2.eu-west-1.amazonaws.com:443",
    "iam.amazonaws.com:443",
    "sts.eu-west-1.amazonaws.com:443",
  ]);
  const { code, text } = await home.run(env);
  assert.equal(code, 1);
  assert.match(text, /certificate.*--ca-cert/s);
});

async function sha1(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
