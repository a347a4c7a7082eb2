import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { Buffer } from "node:buffer";
import { type CoreDialect, startFakeCore } from "../../support/fake_core.ts";
import { Client, KINDS, lines, node, sky, token } from "./fake_core_client.ts";

const DIALECTS: readonly CoreDialect[] = ["ckcore", "fixcore"];

Deno.test("startFakeCore: tells its generation without a token, with and without a key", async () => {
  for (
    const [dialect, psk, status] of [
      ["ckcore", undefined, 400],
      ["ckcore", "secret", 401],
      ["fixcore", undefined, 200],
      ["fixcore", "secret", 200],
    ] as const
  ) {
    await using core = await startFakeCore({ dialect, ...(psk ? { psk } : {}) });
    const answer = await new Client(core).call("GET", "/.well-known/jwks.json");
    assert.equal(answer.status, status);
    if (status === 400) assert.equal(answer.text, "Error: HTTPNotFound\nMessage: Not Found");
    if (status === 401) assert.equal(answer.text, "401: Unauthorized");
    if (status === 200) assert.ok("keys" in JSON.parse(answer.text));
    assert.equal((await new Client(core).call("GET", "/system/ready")).text, "ok");
  }
});

Deno.test("startFakeCore: lets in who has the key, and nobody else", async () => {
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect, psk: "secret" });
    const status = async (authorization?: string, path = "/subscribers") => {
      const headers = authorization === undefined ? {} : { authorization };
      return (await new Client(core).call("GET", path, undefined, headers)).status;
    };
    assert.equal(await status(), 401);
    assert.equal(await status(`Bearer ${token("secret")}`), 200);
    assert.equal(await status(`Bearer ${token("other")}`), 401);
    assert.equal(await status(`Bearer ${token("secret", { exp: 1_700_000_000 })}`), 401);
    assert.equal(await status("Bearer nonsense"), 401);
    assert.equal(await status(`Basic ${token("secret")}`), 401);
    assert.equal(await status(undefined, "/nowhere"), 401);
    assert.deepEqual(core.violations, []);
    assert.equal(await status(`Bearer ${token("secret", {})}`), 200);
    assert.deepEqual(core.violations, ["/subscribers: a token never expires"]);
    await assert.rejects(new Client(core).open("/work/queue?task=tag"));
  }
});

Deno.test("startFakeCore: the newer core looks at needless tokens and at the origin", async () => {
  const answers = async (dialect: CoreDialect) => {
    await using core = await startFakeCore({ dialect, psk: "secret" });
    const status = async (headers: Record<string, string>) =>
      (await new Client(core).call("GET", "/system/ready", undefined, headers)).status;
    return [
      await status({ authorization: "Bearer nonsense" }),
      await status({ authorization: `Bearer ${token("other")}` }),
      await status({ authorization: `Bearer ${token("secret")}` }),
      await status({ origin: "https://elsewhere.example" }),
    ];
  };
  assert.deepEqual(await answers("ckcore"), [200, 200, 200, 200]);
  assert.deepEqual(await answers("fixcore"), [500, 401, 200, 403]);
});

Deno.test("startFakeCore: serves https by its own authority, and proves it with the key", async () => {
  await using core = await startFakeCore({ dialect: "fixcore", psk: "secret", tls: true });
  await assert.rejects(fetch(`${core.url}/system/ready`));
  const ca = await core.authority();
  using http = Deno.createHttpClient({ caCerts: [ca] });
  const answer = await fetch(`${core.url}/ca/cert`, { client: http });
  const pem = await answer.text();
  assert.equal(pem, ca);
  const print = new X509Certificate(pem).fingerprint256;
  assert.equal(answer.headers.get("sha256-fingerprint"), print);
  const claims = answer.headers.get("authorization")?.split(".")[1] ?? "";
  const told = JSON.parse(Buffer.from(claims, "base64url").toString());
  assert.equal(told.sha256_fingerprint, print);
  assert.equal(new X509Certificate(pem).subject, "O=Some Engineering Inc.\nCN=Fix Root CA");
});

Deno.test("startFakeCore: signs requests for certificates", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  const client = new Client(core);
  assert.equal((await client.call("POST", "/ca/sign", "nonsense")).status, 400);
  const folder = await Deno.makeTempDir();
  try {
    await new Deno.Command("openssl", {
      args: [
        ...["req", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=fix.worker"],
        ...["-addext", "subjectAltName=DNS:localhost"],
        ...["-keyout", `${folder}/key`, "-out", `${folder}/csr`],
      ],
      stderr: "null",
    }).output();
    const csr = await Deno.readTextFile(`${folder}/csr`);
    const { status, text } = await client.call("POST", "/ca/sign", csr);
    assert.equal(status, 200, text);
    const signed = new X509Certificate(text);
    assert.equal(signed.subject, "CN=fix.worker");
    assert.match(signed.issuer, /Fix Root CA/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("startFakeCore: serves below a prefix alone, and tells nothing at unknown paths", async () => {
  for (const [dialect, status] of [["ckcore", 400], ["fixcore", 404]] as const) {
    await using core = await startFakeCore({ dialect, prefix: "/deep" });
    assert.equal((await fetch(`${core.url}/system/ready`, { method: "HEAD" })).status, 200);
    assert.equal((await new Client(core).call("GET", "/nowhere")).status, status);
    const beside = await fetch(`http://127.0.0.1:${core.port}/system/ready`);
    assert.equal(beside.status, status);
    await beside.body?.cancel();
    const home = await new Client(core).call("GET", "/");
    assert.equal(home.status, dialect === "ckcore" ? 302 : 200);
  }
});

Deno.test("startFakeCore: a model must fit in itself and with what there is", async () => {
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await client.prepare();
    const update = async (...kinds: unknown[]) => {
      const path = dialect === "ckcore" ? "/model" : "/graph/fix/model";
      const { status, text } = await client.call("PATCH", path, JSON.stringify(kinds));
      return `${status} ${text.split("\n")[1] ?? ""}`;
    };
    const kind = (fqn: string, name: string, type: string, bases: string[] = []) => ({
      fqn,
      bases,
      properties: [{ name, kind: type, required: false, description: "" }],
    });
    assert.match(await update(kind("x", "a", "string", ["none"])), /^400 Message: 'none'/);
    assert.match(await update(kind("x", "a", "none[]")), /^400 .*kind is not known: none/);
    assert.match(await update(kind("x", "disk_size", "string")), /^400 .*is defined in disk as/);
    assert.match(await update(kind("x", "disk_part", "string")), /^400 .*disk_part is defined/);
    assert.match(await update({ fqn: "disk", runtime_kind: "string" }), /^400 .*changes an exist/);
    assert.match(await update({ fqn: "x" }), /^400/);
    assert.match(await update(kind("x", "disk_size", "any")), /^200/);
    assert.equal(core.model().size, KINDS.length + 1);
    const big = await client.call(
      dialect === "ckcore" ? "PATCH" : "PUT",
      dialect === "ckcore" ? "/model" : "/graph/fix/model",
      " ".repeat(6 * 1024 * 1024),
    );
    assert.equal(big.status, dialect === "ckcore" ? 400 : 413);
  }
});

Deno.test("startFakeCore: the older core keeps kinds, the newer one replaces them", async () => {
  for (const [dialect, size] of [["ckcore", KINDS.length + 1], ["fixcore", 1]] as const) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await client.prepare();
    await client.prepare([{ fqn: "alone", bases: [], properties: [] }]);
    assert.equal(core.model().size, size);
  }
});

Deno.test("startFakeCore: graphs have names without underscores, and are there before a merge", async () => {
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    assert.equal((await client.call("POST", "/graph/a_b")).status, 400);
    assert.equal((await client.merge(sky(dialect))).status, 404);
  }
});

Deno.test("startFakeCore: stores an upload and counts what changed", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const client = new Client(core);
  await client.prepare();
  const counts = async (documents: readonly Record<string, unknown>[]) => {
    const { status, text } = await client.merge(documents);
    assert.equal(status, 200, text);
    return Object.values(JSON.parse(text));
  };
  assert.deepEqual(await counts(sky("ckcore")), [9, 0, 0, 9, 0, 0]);
  assert.deepEqual(await counts(sky("ckcore")), [0, 0, 0, 0, 0, 0]);
  assert.equal(core.graph().nodes.get("a-2")?.reported["ctime"], "2021-12-01T08:00:00Z");
  const less = sky("ckcore").filter((each) => each["id"] !== "b-2" && each["to"] !== "b-2");
  assert.deepEqual(await counts(less), [0, 0, 1, 0, 0, 1]);
  assert.equal(core.graph().nodes.has("b-2"), false);
  assert.deepEqual(core.violations, []);
});

Deno.test("startFakeCore: replaces only what lies in the replaced node", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const client = new Client(core);
  await client.prepare();
  await client.merge(sky("ckcore"));
  const { status, text } = await client.merge([
    node("ckcore", "top", "graph_root"),
    node("ckcore", "sky", "cloud", { name: "renamed" }),
    node("ckcore", "a", "account", {}, { replace: true }),
    { from: "top", to: "sky" },
    { from: "sky", to: "a" },
  ]);
  assert.equal(status, 200, text);
  const { nodes } = core.graph();
  assert.deepEqual([...nodes.keys()].sort(), ["a", "b", "b-1", "b-2", "b-r", "root", "sky"]);
  assert.equal(nodes.get("sky")?.reported["name"], "renamed");
  assert.deepEqual(core.violations, []);
});

Deno.test("startFakeCore: aborts an import with the first bad line and keeps what it has", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const client = new Client(core);
  await client.prepare();
  await client.merge(sky("ckcore"));
  const bad = sky("ckcore").map((each) =>
    each["id"] === "a-1" ? node("ckcore", "a-1", "disk", { disk_size: "12" }) : each
  );
  const { status, text } = await client.merge(bad);
  assert.equal(status, 400);
  assert.match(text, /^Error: ImportAborted\nMessage: AttributeError\(.*disk_size: Expected int64/);
  assert.equal(core.graph().nodes.get("a-1")?.reported["disk_size"], 1);
});

Deno.test("startFakeCore: the newer core does not tell that an import failed", async () => {
  await using core = await startFakeCore({ dialect: "fixcore" });
  const client = new Client(core);
  await client.prepare();
  const bad = sky("fixcore").map((each) => ({ ...each, ...(each["from"] ? { to: "lost" } : {}) }));
  assert.equal((await client.merge(bad, {}, "?wait_for_result=False")).status, 204);
  assert.match(core.importErrors[0] ?? "", /an end was not sent/);
  assert.equal(core.graph().nodes.size, 1);
  assert.equal((await client.merge(bad)).status, 400);
  assert.equal((await client.merge(sky("fixcore"), {}, "?wait_for_result=False")).status, 204);
  assert.equal(core.graph().nodes.size, 11 - 1);
});

Deno.test("startFakeCore: counts in the head that are not those of the body are a violation", async () => {
  await using core = await startFakeCore({ dialect: "ckcore" });
  const client = new Client(core);
  await client.prepare();
  const { status } = await client.merge(sky("ckcore"), { "Cloudkeeper-Ckworker-Nodes": "3" });
  assert.equal(status, 200);
  assert.deepEqual(core.violations, ["merge: Cloudkeeper-Ckworker-Nodes is 3 for 10 nodes"]);
});

Deno.test("startFakeCore: a line that is too long loses the upload", async () => {
  for (const [dialect, limit] of [["ckcore", 128 * 1024], ["fixcore", 10 * 1024 * 1024]] as const) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await client.prepare();
    const send = async (size: number) => {
      const [first = {}, ...rest] = sky(dialect);
      const padding = size - JSON.stringify({ ...first, desired: { x: "" } }).length;
      return await client.merge([{ ...first, desired: { x: "x".repeat(padding) } }, ...rest]);
    };
    assert.equal((await send(limit)).status, 200);
    const { status, text } = await send(limit + 1);
    assert.deepEqual([status, text], [400, "Error: ValueError\nMessage: Chunk too big"]);
  }
});

Deno.test("startFakeCore: changes nodes by patch, all of them or none", async () => {
  for (const dialect of DIALECTS) {
    await using core = await startFakeCore({ dialect });
    const client = new Client(core);
    await client.prepare();
    await client.merge(sky(dialect));
    const patch = (...documents: unknown[]) =>
      client.call("PATCH", `/graph/${client.graph}/nodes`, lines(documents), {
        "content-type": "application/x-ndjson",
      });
    assert.equal((await patch()).status, 200);
    const good = { id: "a-1", desired: { clean: true }, metadata: { event_log: [{ msg: "x" }] } };
    assert.equal((await patch({ id: "nobody", metadata: {} }, good)).status, 200);
    assert.deepEqual(core.graph().nodes.get("a-1")?.desired, { clean: true });
    assert.equal(core.graph().nodes.get("a-1")?.metadata?.["python_type"], "x.X");
    assert.equal((await patch({ id: "a-1" })).status, 400);
    assert.equal((await patch({ id: "a-1", kinds: [] })).status, 400);
    assert.equal((await patch(good, good)).status, 400);
    assert.equal((await patch({ id: "a-1", revision: "_old", metadata: {} })).status, 400);
    const bad = { id: "a-2", reported: { disk_size: "1" } };
    assert.equal((await patch({ id: "a-1", desired: null }, bad)).status, 400);
    assert.deepEqual(core.graph().nodes.get("a-1")?.desired, { clean: true });
    await patch({ id: "a-1", desired: null, metadata: { event_log: null } });
    const after = core.graph().nodes.get("a-1");
    assert.equal(after?.desired, undefined);
    assert.equal("event_log" in (after?.metadata ?? {}), dialect === "ckcore");
  }
});
