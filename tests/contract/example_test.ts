import assert from "node:assert/strict";
import { askDoctor, startGuest } from "../../lib/sandbox/mod.ts";
import { exampleRequest } from "../support/guest_request.ts";
import { readLines } from "../support/lines.ts";

/** What the lines say of each node: its scope's region, kind, id, name, references. */
interface SeenNode {
  readonly region: string;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly extras: { readonly e?: readonly string[][]; readonly o?: number };
  readonly reported: Record<string, unknown>;
}

async function collectExample(): Promise<{ nodes: SeenNode[]; lines: string[] }> {
  await using guest = await startGuest(exampleRequest());
  const lines = await readLines(guest.lines);
  assert.deepEqual(await guest.ended, { state: "stopped" });
  const regions = new Map<number, string>();
  const nodes: SeenNode[] = [];
  for (const line of lines) {
    const [head = "", body = ""] = line.split("\t");
    const [type, scope, ...rest] = JSON.parse(head);
    if (type === "o") regions.set(scope, rest[3]);
    if (type !== "n") continue;
    const [kind, id, name, extras] = rest;
    nodes.push({
      region: regions.get(scope) ?? "?",
      kind,
      id,
      name,
      extras,
      reported: JSON.parse(body),
    });
  }
  return { nodes, lines };
}

Deno.test("example plugin yields the nodes of its table, in their regions", async () => {
  const { nodes } = await collectExample();
  assert.deepEqual(nodes.map(({ region, kind, id, name }) => [region, kind, id, name]), [
    ["", "example_account", "Example Account", "Example Account"],
    ["", "example_region", "us-west", "US West"],
    ["", "example_region", "us-east", "US East"],
    ["us-west", "example_network", "someNetwork", "someNetwork"],
    ["us-west", "example_instance", "someInstance1", "someInstance1"],
    ["us-west", "example_custom_resource", "someExampleResource", "someExampleResource"],
    ["us-east", "example_instance", "someInstance2", "someInstance2"],
  ]);
});

Deno.test("example plugin hangs its first instance below the network alone", async () => {
  const { nodes } = await collectExample();
  const withReferences = nodes.filter((node) => node.extras.e !== undefined);
  assert.deepEqual(withReferences.map((node) => [node.id, node.extras]), [
    ["someInstance1", { e: [["from", "example_network", "id", "someNetwork"]], o: 1 }],
  ]);
});

Deno.test("example plugin reports times, tags and properties of its instances", async () => {
  const { nodes } = await collectExample();
  const [first, second] = nodes.filter((node) => node.kind === "example_instance");
  const now = "2026-01-02T03:04:05Z";
  assert.deepEqual(first?.reported, {
    tags: { Name: "Example Instance 1", expiration: "2d", owner: "lukas" },
    ctime: now,
    mtime: now,
    atime: now,
    instance_cores: 4,
    instance_memory: 32,
    instance_type: "",
    instance_status: "running",
  });
  assert.equal(second?.reported.ctime, "2019-09-05T10:40:11Z");
  assert.equal(second?.reported.instance_status, "stopped");
});

Deno.test("example plugin closes every scope as complete", async () => {
  const { lines } = await collectExample();
  const opened = lines.filter((line) => line.startsWith('["o"')).length;
  const closed = lines.filter((line) => /^\["c",\d+,"complete",\[\]\]$/.test(line)).length;
  assert.deepEqual([opened, closed], [6, 6]);
});

Deno.test("example plugin tells its account list and its progress", async () => {
  const told: unknown[] = [];
  await using guest = await startGuest(exampleRequest({ told }));
  await readLines(guest.lines);
  await guest.ended;
  assert.deepEqual(told, [
    {
      accounts: {
        cloud: "example",
        complete: true,
        accounts: [{ id: "Example Account", name: "Example Account" }],
        skipped: [],
        unfiltered: true,
      },
    },
    { progress: { account: "Example Account", done: 6, total: 6, label: "" } },
  ]);
});

Deno.test("example plugin leaves out scopes that an interrupted run closed", async () => {
  const scope = {
    cloud: "example",
    account: "Example Account",
    region: "",
    resource: "example_region",
  };
  await using guest = await startGuest(exampleRequest({ resumed: [scope] }));
  const lines = await readLines(guest.lines);
  assert.equal(lines.some((line) => line.includes("US West") && line.includes("tags")), false);
  assert.equal(lines.filter((line) => line.startsWith('["o"')).length, 5);
});

Deno.test("example plugin answers a doctor without collecting", async () => {
  const report = await askDoctor(exampleRequest());
  assert.equal(report.credentials, "none needed");
  assert.deepEqual(report.accounts.map((account) => account.regions), [["US West", "US East"]]);
});
