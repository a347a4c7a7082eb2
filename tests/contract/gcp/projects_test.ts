import assert from "node:assert/strict";
import { fill } from "../../support/gcp/estate.ts";
import { type FakeGoogle, startGoogle } from "../../support/gcp/fake_google.ts";
import type { FakeRule } from "../../support/saas/fake_api.ts";
import { faultsOf, makeSaasStore } from "../../support/saas/saas_store.ts";

const ACCOUNT = "worker@p.test";

function options(google: FakeGoogle, more: object = {}) {
  return {
    service_account: [google.key(ACCOUNT)],
    endpoint_url: google.endpoints,
    collect: ["buckets"],
    ...more,
  };
}

/** Nothing of a project can be asked. */
function broken(project: string): FakeRule {
  return {
    path: new RegExp(`projects/${project}/|project=${project}`),
    effect: { type: "answer", status: 500 },
  };
}

function projectsOf(nodes: readonly string[]): readonly string[] {
  return nodes.flatMap((node) => /gcp_project (\S+)/.exec(node)?.[1] ?? []);
}

function setState({ state }: FakeGoogle, project: string, lifecycleState: string): void {
  const found = state.find("cloudresourcemanager", "projects", { projectId: project });
  if (found !== undefined) found.raw = { ...found.raw, lifecycleState };
}

Deno.test("gcp: all projects, over all pages of their list", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q", "r", "s", "t"]);
  await using store = await makeSaasStore("gcp");
  const summary = await store.collect(options(google));
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  assert.deepEqual(projectsOf(store.read().nodes), ["p", "q", "r", "s", "t"]);
});

Deno.test("gcp: a project that fails costs itself alone", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  const before = store.read();
  google.setRules([broken("q")]);
  const summary = await store.collect(options(google));
  assert.equal(summary.exitCode, 3);
  assert.deepEqual(store.read().nodes, before.nodes);
  assert.ok(store.read().stale.every((node) => !node.includes("p-data")));
  assert.ok(store.read().stale.some((node) => node.includes("q-data")));
});

/** `p` lies in folder 2, which lies in folder 1 of organization 9; `q` in the organization; `r` nowhere. */
async function startTree(): Promise<FakeGoogle> {
  const google = await startGoogle();
  fill(google, ["p", "q", "r"]);
  setParent(google, "p", { type: "folder", id: "2" });
  setParent(google, "q", { type: "organization", id: "9" });
  const folders = { "folder 2": "folder 1", "folder 1": "organization 9" };
  google.behaviour = { ...google.behaviour, folders };
  return google;
}

function setParent({ state }: FakeGoogle, project: string, parent: object): void {
  const found = state.find("cloudresourcemanager", "projects", { projectId: project });
  if (found !== undefined) found.raw = { ...found.raw, parent };
}

Deno.test("gcp: folders and organizations choose the projects below them, however deep", async () => {
  await using google = await startTree();
  const chosen = {
    "p": { folder: ["1", "77"] },
    "p q": { organization: ["9"] },
    "q": { organization: ["9"], project: ["q", "r"] },
    "": { folder: ["77"] },
  };
  for (const [expected, given] of Object.entries(chosen)) {
    await using store = await makeSaasStore("gcp");
    const summary = await store.collect(options(google, given));
    assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []], JSON.stringify(given));
    assert.equal(projectsOf(store.read().nodes).join(" "), expected);
  }
});

Deno.test("gcp: a project that is not chosen any more, or of which nobody tells the place, is kept", async () => {
  await using google = await startTree();
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  const before = store.read();
  assert.equal((await store.collect(options(google, { folder: ["2"] }))).exitCode, 0);
  assert.deepEqual(store.read().nodes, before.nodes);
  google.setRules([{ path: /q:getAncestry/, effect: { type: "answer", status: 403 } }]);
  const summary = await store.collect(options(google, { organization: ["9"] }));
  assert.equal(summary.exitCode, 3);
  assert.match(faultsOf(summary).join(), /denied cloudresourcemanager:projects.getAncestry/);
  assert.deepEqual(store.read().nodes, before.nodes);
  const stale = store.read().stale;
  assert.ok(
    !stale.some((node) => node.includes(" p-data")) && stale.some((node) => /q-data/.test(node)),
  );
});

Deno.test("gcp: a project that a whole list does not name any more is gone", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  const found = google.state.find("cloudresourcemanager", "projects", { projectId: "q" });
  if (found !== undefined) google.state.remove(found);
  assert.equal((await store.collect(options(google))).exitCode, 0);
  assert.deepEqual(projectsOf(store.read().nodes), ["p"]);
});

Deno.test("gcp: a project that is about to be deleted is skipped and kept", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  setState(google, "q", "DELETE_REQUESTED");
  assert.equal((await store.collect(options(google))).exitCode, 0);
  assert.deepEqual(projectsOf(store.read().nodes), ["p", "q"]);
  assert.ok(store.read().stale.some((node) => node.includes("q-data")));
});

Deno.test("gcp: a list of projects that fails deletes none; the key's own is collected", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  const before = store.read();
  google.setRules([{ path: /v1\/projects\?/, effect: { type: "answer", status: 403 } }]);
  const asked = google.requests.length;
  const summary = await store.collect(options(google));
  assert.notEqual(summary.exitCode, 0);
  const { nodes, reported } = store.read();
  assert.deepEqual(nodes, before.nodes);
  assert.deepEqual(reported.get("gcp_project p"), before.reported.get("gcp_project p"));
  const later = google.requests.slice(asked);
  assert.ok(later.some((path) => path.includes("project=p")));
  assert.ok(!later.some((path) => path.includes("project=q")));
});

Deno.test("gcp: a list that breaks on its second page deletes no project", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q", "r"]);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  google.setRules([{ path: /v1\/projects\?.*pageToken/, effect: { type: "answer", status: 500 } }]);
  await store.collect(options(google));
  assert.deepEqual(projectsOf(store.read().nodes), ["p", "q", "r"]);
});

Deno.test("gcp: only named projects are asked, and the others are kept", async () => {
  await using google = await startGoogle();
  fill(google, ["p", "q"]);
  await using store = await makeSaasStore("gcp");
  await store.collect(options(google));
  const asked = google.requests.length;
  const summary = await store.collect(options(google, { project: ["q"] }));
  assert.equal(summary.exitCode, 0);
  assert.deepEqual(projectsOf(store.read().nodes), ["p", "q"]);
  assert.ok(!google.requests.slice(asked).some((path) => path.includes("project=p")));
});

Deno.test("gcp: of several service accounts the last one that sees a project collects it", async () => {
  const accounts = ["one@p.test", "two@q.test"];
  await using google = await startGoogle(accounts);
  fill(google, ["p"]);
  await using store = await makeSaasStore("gcp");
  const keys = accounts.map((each) => google.key(each));
  const summary = await store.collect(options(google, { service_account: keys }));
  assert.deepEqual([summary.exitCode, faultsOf(summary)], [0, []]);
  assert.equal(google.callers.at(-1), "two@q.test");
});

Deno.test("gcp: no project at all is an empty cloud", async () => {
  await using google = await startGoogle();
  await using store = await makeSaasStore("gcp");
  assert.equal((await store.collect(options(google))).exitCode, 0);
  assert.deepEqual(store.read().nodes, []);
});
