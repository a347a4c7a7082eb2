import assert from "node:assert/strict";
import type { Core, Upload, UploadRecord } from "../../../lib/core/mod.ts";
import { knownGraph, uploadRun, type UploadSummary } from "../../../lib/collect/mod.ts";
import { CoreMessageError, CoreRejectedError } from "../../../lib/errors/mod.ts";
import { openStore, pendingUploads, showRun, type Store } from "../../../lib/store/mod.ts";
import { query, withStore } from "../../support/collect_sky.ts";
import {
  ACCOUNTS,
  collectSky,
  ENTRY,
  identifySky,
  KINDS,
  REGIONS,
  type SkyPlan,
  TARGET,
  uploadSky,
} from "../../support/core_sky.ts";
import { ModelCore } from "../../support/model_core.ts";
import { silentLogger } from "../../support/silent_logger.ts";

/** A disk in account 2 hangs below a net in account 1. */
const PLAN: SkyPlan = {
  world: new Map([
    ["1/r1/sky_net", new Map([["a", 1]])],
    ["1/r1/sky_disk", new Map([["a", 1]])],
    ["2/r1/sky_disk", new Map([["a", 2]])],
  ]),
  listed: [...ACCOUNTS],
  complete: true,
  skipped: [],
  filters: [],
  regions: REGIONS.map(({ name }) => name),
  kinds: [...KINDS],
  closed: [],
  faults: new Map(),
  crashAfter: undefined,
};

function opened(path: string): Promise<Store> {
  return openStore({ path, kinds: ENTRY.model.kinds, mode: "write", now: () => new Date(0) });
}

function outline(records: Iterable<UploadRecord>): string[] {
  const names = new Map<string, string>();
  return [...records].map((record) => {
    if (record.type === "edge") {
      const { from, to, type, deferred } = record.edge;
      const ends = `${names.get(from) ?? "?"} > ${names.get(to) ?? "?"}`;
      return [ends, ...(type === "delete" ? [type] : []), ...(deferred ? ["deferred"] : [])].join(
        " ",
      );
    }
    const { nodeId, kind, id, name, replace } = record.node;
    const text = `${kind.replace("sky_", "")} ${kind === "sky_region" ? name : id}`;
    names.set(nodeId, text);
    return replace ? `${text} replaced` : text;
  });
}

/** What a core is told: every part with its records. */
async function told(
  path: string,
  run: string,
  dialect: "ckcore" | "fixcore",
  replace: "auto" | "account" | "region",
): Promise<{ readonly parts: Record<string, string[]>; readonly summary: UploadSummary }> {
  const core = new ModelCore(dialect);
  const parts: Record<string, string[]> = {};
  const spy: Core = {
    ...wrapped(core),
    commit: (upload: Upload, signal: AbortSignal) => {
      for (const part of upload.parts) parts[part.name] = outline(part.records());
      return wrapped(core).commit(upload, signal);
    },
  };
  const summary = await uploadRun(requestOf(path, run, replace), spy);
  assert.deepEqual(core.problems, []);
  return { parts, summary };
}

function wrapped(core: ModelCore): Core {
  return {
    name: core.name,
    dialect: () => core.dialect(),
    traits: () => core.traits(),
    prepare: () => Promise.resolve(),
    commit: (upload) => core.commit(upload),
    query: (text) => core.query(text),
    aggregate: () => core.aggregate(),
    patch: () => core.patch(),
  };
}

function requestOf(path: string, run: string, replace: "auto" | "account" | "region") {
  return {
    store: { path, kinds: ENTRY.model.kinds },
    target: TARGET,
    run,
    clouds: ["sky"],
    replace,
    identify: identifySky,
    log: silentLogger,
    now: () => new Date(0),
    signal: new AbortController().signal,
  } as const;
}

const SMALL: SkyPlan = { ...PLAN, listed: ["1", "2"], regions: ["r1"], filters: ["regions"] };

Deno.test("uploadRun: one merge for all, edges over a border are left out and counted", async () => {
  await withStore(async (path) => {
    const { run } = await collectSky(path, SMALL, undefined, "auto");
    const { parts, summary } = await told(path, run, "ckcore", "auto");
    const all = parts["all"] ?? [];
    assert.deepEqual(all.slice(0, 4), ["graph_root root", "cloud sky", "account 1", "account 2"]);
    assert.deepEqual(all.filter((text) => text.includes("replaced")), [
      "region r1 replaced",
      "region r1 replaced",
    ]);
    assert.ok(all.includes("net a-1-r1 > disk a-1-r1"));
    assert.ok(all.includes("disk a-1-r1 > net a-1-r1 delete"));
    assert.ok(!all.some((text) => text.includes("net a-1-r1") && text.includes("disk a-2-r1")));
    assert.deepEqual([summary.droppedEdges, summary.deferredEdges], [2, 0]);
    assert.deepEqual(summary.clouds, [{ cloud: "sky", level: "region", accounts: 0, regions: 2 }]);
    assert.deepEqual(summary.leftOut, []);
  });
});

Deno.test("uploadRun: a merge for each sub graph, edges over a border come behind the rest", async () => {
  await withStore(async (path) => {
    const { run } = await collectSky(path, { ...PLAN, complete: false }, undefined, "auto");
    const { parts, summary } = await told(path, run, "fixcore", "auto");
    assert.deepEqual(Object.keys(parts), ["sky/1", "sky/2", "sky/3"]);
    const second = parts["sky/2"] ?? [];
    assert.deepEqual(second.slice(0, 2), ["graph_root root", "cloud sky"]);
    assert.deepEqual(second.slice(-1), ["? > disk a-2-r1 deferred"]);
    assert.deepEqual((parts["sky/1"] ?? []).slice(-1), ["? > net a-1-r1 delete deferred"]);
    assert.deepEqual([summary.droppedEdges, summary.deferredEdges], [0, 2]);
  });
});

Deno.test("uploadRun: a node whose parents are left out hangs below its region", async () => {
  await withStore(async (path) => {
    const { run } = await collectSky(path, PLAN, undefined, "auto");
    {
      using store = await opened(path);
      // As a killed run leaves it: the edges to new nodes are not written yet.
      store.db.exec(
        "DELETE FROM edges WHERE to_key IN (SELECT key FROM nodes WHERE id LIKE 'a-%')",
      );
    }
    const { parts } = await told(path, run, "ckcore", "auto");
    const made = (parts["all"] ?? []).filter((text) =>
      text.includes(" > ") && text.includes("a-1")
    );
    assert.deepEqual(made, [
      "region r1 > disk a-1-r1",
      "region r1 > tag a-1-r1",
      "region r1 > net a-1-r1",
    ]);
  });
});

Deno.test("uploadRun: nodes of a kind that has left the model are not told", async () => {
  await withStore(async (path) => {
    const { run } = await collectSky(path, PLAN, undefined, "auto");
    const kinds = ENTRY.model.kinds.filter(({ name }) => name !== "sky_net");
    const core = new ModelCore("ckcore");
    const request = { ...requestOf(path, run, "auto"), store: { path, kinds } };
    const { outcome } = await uploadRun(request, core);
    assert.equal(outcome, "accepted");
    assert.deepEqual(core.problems, []);
    assert.ok(!core.contents().some((text) => text.includes("sky_net")));
    assert.ok(core.contents().includes("1/r1/sky_disk a-1-r1=1"));
  });
});

Deno.test("uploadRun: a run with nothing conclusive sends nothing and says why", async () => {
  await withStore(async (path) => {
    const core = new ModelCore("ckcore");
    const { run } = await collectSky(path, { ...PLAN, listed: [], complete: false }, core, "auto");
    const summary = await uploadSky(path, run, core, "auto");
    assert.equal(summary.outcome, "nothing");
    assert.deepEqual(summary.leftOut, [
      { cloud: "sky", reason: "nothing_conclusive", crossingEdges: 0 },
    ]);
    assert.equal(core.commits, 0);
    using store = await opened(path);
    assert.deepEqual(pendingUploads(store, TARGET), []);
  });
});

Deno.test("uploadRun: a graph waits in the store until a dead core is back", async () => {
  await withStore(async (path) => {
    const core = new ModelCore("ckcore");
    const { run } = await collectSky(path, PLAN, core, "auto");
    core.isDown = true;
    const failed = await uploadSky(path, run, core, "auto");
    assert.deepEqual([failed.outcome, failed.reason], ["unreachable", "the core is down"]);
    {
      using store = await opened(path);
      const [pending] = pendingUploads(store, TARGET);
      assert.deepEqual(pending, { run, clouds: ["sky"], refused: [] });
    }
    core.isDown = false;
    const sent = await uploadSky(path, run, core, "auto");
    assert.equal(sent.outcome, "accepted");
    assert.deepEqual(sent.changes, { all: { nodes_created: 1 } });
    using store = await opened(path);
    assert.deepEqual(pendingUploads(store, TARGET), []);
    assert.deepEqual(showRun(store, run).summary, {
      ...(showRun(store, run).summary ?? {}),
      upload: sent,
    });
  });
});

Deno.test("uploadRun: a core that does not answer at all is written down, too", async () => {
  await withStore(async (path) => {
    const core = new ModelCore("ckcore");
    const { run } = await collectSky(path, PLAN, core, "auto");
    const reject = () =>
      Promise.reject(
        new CoreRejectedError(401, "who are you", { hint: "check the key" }),
      );
    const summary = await uploadRun(requestOf(path, run, "auto"), {
      ...wrapped(core),
      traits: reject,
    });
    assert.deepEqual([summary.outcome, summary.reason], [
      "rejected",
      "who are you (check the key)",
    ]);
    using store = await opened(path);
    // Once the key is mended the same graph is taken.
    assert.deepEqual(pendingUploads(store, TARGET), [{ run, clouds: ["sky"], refused: [] }]);
  });
});

for (
  const { error, isFinal } of [
    { error: new CoreRejectedError(400, "ImportAborted"), isFinal: true },
    { error: new CoreRejectedError(413, "too large"), isFinal: true },
    { error: new CoreRejectedError(401, "no token"), isFinal: false },
    { error: new CoreRejectedError(403, "not you"), isFinal: false },
    { error: new CoreMessageError("no counters", { hint: "check the address" }), isFinal: false },
  ]
) {
  const after = isFinal ? "is not sent again" : "is sent again at the next start";
  Deno.test(`uploadRun: a graph that is answered "${error.message}" ${after}`, async () => {
    await withStore(async (path) => {
      const core = new ModelCore("ckcore");
      const { run } = await collectSky(path, SMALL, core, "auto");
      const commit = () => Promise.reject(error);
      const summary = await uploadRun(requestOf(path, run, "auto"), { ...wrapped(core), commit });
      assert.equal(summary.outcome, "rejected");
      assert.ok(summary.reason?.startsWith(error.message));
      using store = await opened(path);
      const refused = isFinal ? ["sky"] : [];
      assert.deepEqual(pendingUploads(store, TARGET), [{ run, clouds: ["sky"], refused }]);
    });
  });
}

Deno.test("uploadRun: the graph is told as it was when that began, while another run collects", async () => {
  await withStore(async (path) => {
    const core = new ModelCore("ckcore");
    const { run } = await collectSky(path, PLAN, undefined, "auto");
    const slow: Core = {
      ...wrapped(core),
      async commit(upload) {
        await collectSky(path, { ...PLAN, world: new Map() }, undefined, "auto");
        return await core.commit(upload);
      },
    };
    const summary = await uploadRun(requestOf(path, run, "auto"), slow);
    assert.equal(summary.outcome, "accepted");
    assert.deepEqual(core.problems, []);
    assert.ok(core.contents().includes("1/r1/sky_disk a-1-r1=1"));
    assert.equal(query(path, "SELECT * FROM sky_disk").length, 0);
  });
});

Deno.test("uploadRun: an upload that is given up leaves no record", async () => {
  await withStore(async (path) => {
    const core = new ModelCore("ckcore");
    const { run } = await collectSky(path, PLAN, core, "auto");
    const stop = new AbortController();
    const commit = () => {
      stop.abort(new Error("enough"));
      return Promise.reject(new Error("broken off"));
    };
    const request = { ...requestOf(path, run, "auto"), signal: stop.signal };
    await assert.rejects(uploadRun(request, { ...wrapped(core), commit }), /enough/);
    using store = await opened(path);
    assert.deepEqual(pendingUploads(store, TARGET).map((each) => each.run), [run]);
  });
});

Deno.test("knownGraph: a core without the graph, or without any cloud, holds nothing", async () => {
  const signal = new AbortController().signal;
  const read = async (status: number, text: string) => {
    const core = wrapped(new ModelCore("ckcore"));
    // deno-lint-ignore require-yield
    const query = async function* () {
      await Promise.resolve();
      throw new CoreRejectedError(status, text);
    };
    return await Array.fromAsync(knownGraph({ ...core, query }, "sky", signal));
  };
  assert.deepEqual(await read(404, "Error: NoSuchGraph"), []);
  assert.deepEqual(await read(400, "Message: Given kind does not exist: cloud"), []);
  await assert.rejects(read(400, "Error: ParseError"), CoreRejectedError);
  await assert.rejects(read(404, "no such page"), CoreRejectedError);
  await assert.rejects(read(401, "no token"), CoreRejectedError);
});
