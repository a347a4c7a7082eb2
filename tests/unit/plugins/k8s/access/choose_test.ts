import assert from "node:assert/strict";
import { chooseClusters } from "../../../../../plugins/k8s/access/choose.ts";
import { findConfiguration, rights, sees } from "../../../../../plugins/k8s/access/rights.ts";
import { options } from "../../../../../plugins/k8s/options.ts";
import { kubeconfig, type TestContext } from "../../../../support/k8s/collect.ts";

const SERVER = "https://api.test:6443";

/** Chooses among the contexts of one kubeconfig. */
function choose(contexts: readonly TestContext[], given: object = {}) {
  return chooseClusters(options.parse({ config: "/etc/kc", ...given }), () => undefined, {
    "/etc/kc": kubeconfig(contexts),
  });
}

const ids = ({ clusters }: ReturnType<typeof choose>) => clusters.map(({ id }) => id);
const GIVEN = { cluster: ["c"], apiserver: ["https://c.test/"], token: ["t"], cacert: ["/ca"] };

Deno.test("k8s options: the four lists of a cluster have one length, and no name twice", () => {
  assert.throws(() => options.parse({ cluster: ["a"] }), /as many values as --k8s-cluster/);
  assert.throws(() => options.parse({ ...GIVEN, token: ["t", "u"] }), /token/);
  const twice = Object.fromEntries(
    Object.entries(GIVEN).map(([key, values]) => [key, [...values, ...values]]),
  );
  assert.throws(() => options.parse(twice), /names c twice/);
  assert.throws(() => options.parse({ ...GIVEN, apiserver: ["api.test"] }));
  assert.throws(() => options.parse({ collect: ["nonsense"] }));
});

Deno.test("k8s clusters: contexts that are named, else the current one, none beside given clusters", () => {
  const contexts = [{ name: "a", server: SERVER }, { name: "b", server: SERVER }];
  assert.deepEqual(ids(choose(contexts)), ["a"]);
  assert.deepEqual(ids(choose(contexts, { context: ["b", "a", "b"] })), ["b", "a"]);
  assert.deepEqual(ids(choose(contexts, GIVEN)), ["c"]);
  assert.deepEqual(ids(choose(contexts, { ...GIVEN, context: ["b"] })), ["b", "c"]);
  assert.throws(() => choose(contexts, { context: ["x"] }), /no context x/);
  assert.throws(
    () => choose(contexts, { ...GIVEN, cluster: ["a"] }),
    /has the name of a context/,
  );
});

Deno.test("k8s clusters: several files are merged, the first of a name counts", () => {
  const env = (name: string) => name === "KUBECONFIG" ? "/one:/two:/three:/one" : undefined;
  const { clusters, problems } = chooseClusters(options.parse({ context: ["a", "b"] }), env, {
    "/one": kubeconfig([{ name: "a", server: "https://first.test" }]),
    "/two": kubeconfig([{ name: "a", server: "https://second.test" }, {
      name: "b",
      server: SERVER,
    }]),
    "/three": "a: [unclosed hunter2",
  });
  assert.deepEqual(clusters.map(({ server }) => server), ["https://first.test", SERVER]);
  assert.deepEqual(problems, ["/three is no usable kubeconfig: it is no YAML"]);
});

Deno.test("k8s clusters: what a kubeconfig says in a wrong form is told without its text", () => {
  const files = { "/etc/kc": "users: [{name: u, user: {token: {hunter2: 1}}}]" };
  const { problems } = chooseClusters(options.parse({ config: "/etc/kc" }), () => undefined, files);
  assert.match(problems[0] ?? "", /users.0.user.token has the wrong form/);
  assert.equal(problems.join().includes("hunter2"), false);
});

for (
  const [what, context, why] of [
    ["TLS without check", { cluster: { "insecure-skip-tls-verify": true } }, /insecure-skip/],
    ["another server name", { cluster: { "tls-server-name": "x" } }, /tls-server-name/],
    ["an auth provider", { user: { "auth-provider": { name: "gcp" } } }, /auth-provider gcp/],
    ["impersonation", { user: { as: "root" } }, /impersonation/],
    ["no address", { server: "api.test" }, /no address/],
    ["a wrong proxy", { cluster: { "proxy-url": "proxy:1" } }, /proxy-url/],
  ] as const
) {
  Deno.test(`k8s clusters: ${what} is refused, and gets no rights`, () => {
    const contexts = [{ name: "a", server: SERVER, ...context }];
    const [cluster] = choose(contexts).clusters;
    assert.match(cluster?.refused?.why ?? "", why);
    const seen = { env: {}, files: { "/etc/kc": kubeconfig(contexts) } };
    assert.deepEqual(rights(options.parse({ config: "/etc/kc" }), seen).net, []);
  });
}

Deno.test("k8s clusters: a context of a cluster or user that is missing is refused alone", () => {
  const text = JSON.stringify({
    contexts: [{ name: "a", context: { cluster: "x", user: "y" } }, {
      name: "b",
      context: { cluster: "c", user: "y" },
    }],
    clusters: [{ name: "c", cluster: { server: SERVER } }],
  });
  const given = options.parse({ config: "/etc/kc", context: ["a", "b"] });
  const { clusters } = chooseClusters(given, () => undefined, { "/etc/kc": text });
  assert.match(clusters[0]?.refused?.why ?? "", /cluster x is not/);
  assert.match(clusters[1]?.refused?.why ?? "", /user y is not/);
});

Deno.test("k8s clusters: inside a pod its service account serves, unless there is a kubeconfig", () => {
  const vars: Record<string, string> = { KUBERNETES_SERVICE_HOST: "fd00::1", HOME: "/home/user" };
  const env = (name: string) => vars[name];
  const { clusters } = chooseClusters(options.parse({}), env, {});
  assert.deepEqual(clusters.map(({ id, server }) => [id, server]), [
    ["in-cluster", "https://[fd00::1]:443"],
  ]);
  const files = { "/home/user/.kube/config": kubeconfig([{ name: "a", server: SERVER }]) };
  assert.deepEqual(ids(chooseClusters(options.parse({}), env, files)), ["a"]);
  assert.deepEqual(chooseClusters(options.parse({ config: "/gone" }), env, {}), {
    clusters: [],
    problems: ["/gone cannot be read"],
  });
});

Deno.test("k8s rights: exactly the servers and files of the chosen clusters", () => {
  const contexts = [
    {
      name: "a",
      server: "https://[::1]",
      cluster: { "certificate-authority": "ca.pem", "proxy-url": "http://gate.test:3128" },
      user: { "client-certificate": "/c.pem", "client-key": "./k.pem", tokenFile: "t" },
    },
    { name: "b", server: SERVER },
  ];
  const seen = { env: {}, files: { "/etc/kc": kubeconfig(contexts) } };
  const given = options.parse({ config: "/etc/kc" });
  const { net, read } = rights(given, seen);
  assert.deepEqual(net, ["[::1]:443", "gate.test:3128"]);
  assert.deepEqual(read, ["/c.pem", "/etc/ca.pem", "/etc/k.pem", "/etc/kc", "/etc/t"]);
  assert.deepEqual(sees(given, () => undefined).files, ["/etc/kc"]);
});

Deno.test("k8s configured: what was found, or what is missing", () => {
  const given = options.parse({});
  const nothing = findConfiguration(given, { env: { HOME: "/home/user" }, files: {} });
  assert.equal(nothing.configured, false);
  assert.match(nothing.reason, /no context in \/home\/user\/.kube\/config/);
  const files = { "/home/user/.kube/config": kubeconfig([{ name: "a", server: SERVER }]) };
  assert.deepEqual(findConfiguration(given, { env: { HOME: "/home/user" }, files }), {
    configured: true,
    reason: "cluster a",
  });
});

Deno.test("k8s clusters: a helper's variables are warned about, its path starts at the kubeconfig", () => {
  const exec = {
    command: "bin/login",
    args: ["get"],
    env: [{ name: "PROFILE", value: "hunter2" }],
  };
  const [cluster] = choose([{ name: "a", server: SERVER, user: { exec } }]).clusters;
  assert.deepEqual(cluster?.user.helper, { command: "/etc/bin/login", args: ["get"] });
  assert.match(cluster?.warning ?? "", /PROFILE/);
  assert.equal(cluster?.warning?.includes("hunter2"), false);
  const named = { exec: { command: "aws" } };
  const [other] = choose([{ name: "a", server: SERVER, user: named }]).clusters;
  assert.equal(other?.user.helper?.command, "aws");
});
