import assert from "node:assert/strict";
import {
  changeFlags,
  type FlagChange,
  flagsOf,
  MarksAside,
  type Store,
} from "../../../lib/store/mod.ts";
import { openTest, runOnce, scopeKey } from "../../support/store.ts";

function disk(id: string) {
  return {
    ...{ kind: "demo_instance", cloud: "demo", account: "a1", region: "eu", zone: "undefined" },
    ...{ id, twin: "" },
  };
}

/** A store with nodes a to d, all marked by the rule r. */
async function marked(): Promise<Store> {
  const store = await openTest();
  runOnce(store, "r1", [{ scope: scopeKey(), nodes: ["a", "b", "c", "d"].map((id) => ({ id })) }]);
  changeFlags(store, ["a", "b", "c", "d"].map(disk), mark("r"));
  return store;
}

function mark(rule: string, reason = "unused"): FlagChange {
  return { what: "mark", reason, rule };
}

function marksOf(store: Store): readonly string[] {
  return ["a", "b", "c", "d"].flatMap((id) => {
    const flags = flagsOf(store, disk(id));
    return flags?.marked ? [`${id} ${flags.rule} ${flags.reason}`] : [];
  });
}

function eventsOf(store: Store, id: string): readonly string[] {
  return flagsOf(store, disk(id))?.log.map(({ what }) => what) ?? [];
}

Deno.test("MarksAside: nodes are not marked while their rule is asked, and end as it says", async () => {
  using store = await marked();
  const aside = new MarksAside(store, (rule) => rule === "r");
  assert.deepEqual(marksOf(store), []);
  assert.equal(aside.takeBack(disk("a"), "r", "unused"), true);
  assert.equal(aside.takeBack(disk("a"), "r", "unused"), false, "once");
  assert.equal(aside.takeBack(disk("b"), "other", "unused"), false, "it is another's");
  const dropped = aside.end(({ identity }) =>
    identity.id === "b" ? { end: "keep" } : { end: "drop", why: "no longer" }
  );
  assert.deepEqual(dropped.map(({ identity }) => identity.id), ["c", "d"]);
  assert.deepEqual(marksOf(store), ["a r unused", "b r unused"]);
  assert.deepEqual(["a", "b", "c"].map((id) => eventsOf(store, id)), [
    ["mark"],
    ["mark"],
    ["mark", "unmark"],
  ]);
  assert.deepEqual(aside.end(() => ({ end: "keep" })), [], "there is nothing left");
});

Deno.test("MarksAside: other rules' marks are left alone", async () => {
  using store = await marked();
  const aside = new MarksAside(store, (rule) => rule === "other");
  assert.equal(marksOf(store).length, 4);
  assert.deepEqual(aside.end(() => ({ end: "drop", why: "no longer" })), []);
  assert.equal(marksOf(store).length, 4);
});

Deno.test("MarksAside: what was protected or marked meanwhile stays so", async () => {
  using store = await marked();
  const aside = new MarksAside(store, () => true);
  changeFlags(store, [disk("a"), disk("b")], { what: "protect", reason: "dear" });
  changeFlags(store, [disk("c")], mark("other", "old"));
  assert.equal(aside.takeBack(disk("a"), "r", "unused"), false);
  assert.equal(aside.takeBack(disk("d"), "r", "for another reason"), false);
  changeFlags(store, [disk("d")], mark("r", "for another reason"));
  assert.deepEqual(aside.end(() => ({ end: "drop", why: "no longer" })), []);
  assert.deepEqual(marksOf(store), ["c other old", "d r for another reason"]);
  assert.deepEqual(eventsOf(store, "c"), ["mark", "mark"]);
});
