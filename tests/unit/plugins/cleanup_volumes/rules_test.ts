import assert from "node:assert/strict";
import { decideVolume, volumesQuery } from "../../../../plugins/cleanup_volumes/rules.ts";
import { actionNode, daysAgo, NOW } from "../../../support/action_node.ts";

const LIMIT = 14 * 86_400_000;
const UNUSED = {
  volume_status: "available",
  ctime: daysAgo(30),
  atime: daysAgo(20),
  mtime: daysAgo(20),
};

Deno.test("volumesQuery(): the words of each generation", () => {
  assert.match(
    volumesQuery("ckcore"),
    /^is\(volume\) and reported\.volume_status == available and /,
  );
  assert.match(
    volumesQuery("fixcore"),
    /^is\(volume\) and \/reported\.volume_status == available /,
  );
});

for (
  const [title, reported, isMarked] of [
    ["unused", UNUSED, true],
    ["in use", { ...UNUSED, volume_status: "in-use" }, false],
    ["of unknown status", { ...UNUSED, volume_status: undefined }, false],
    ["young", { ...UNUSED, ctime: daysAgo(13) }, false],
    ["exactly as old", { ...UNUSED, ctime: daysAgo(14) }, false],
    ["of unknown age", { ...UNUSED, ctime: undefined }, false],
    ["of age null", { ...UNUSED, ctime: null }, false],
    ["read lately", { ...UNUSED, atime: daysAgo(1) }, false],
    ["written lately", { ...UNUSED, mtime: daysAgo(1) }, false],
    ["of unknown reading", { ...UNUSED, atime: undefined }, false],
    ["of unknown writing", { ...UNUSED, mtime: undefined }, false],
  ] as const
) {
  Deno.test(`decideVolume(): a volume ${title}`, () => {
    const decision = decideVolume(actionNode("n1", { reported }), LIMIT, NOW);
    assert.equal(decision?.type, isMarked ? "mark" : undefined);
  });
}

Deno.test("decideVolume(): one that is marked already, and the reason of another", () => {
  const marked = actionNode("n1", { reported: UNUSED, marked: true });
  assert.equal(decideVolume(marked, LIMIT, NOW), undefined);
  assert.equal(
    decideVolume(actionNode("n1", { reported: UNUSED }), LIMIT, NOW)?.reason,
    "Volume is available and was not used for more than 2w",
  );
});
