import assert from "node:assert/strict";
import { decideExpired, expiredQuery } from "../../../../plugins/cleanup_expired/rules.ts";
import { actionNode, NOW } from "../../../support/action_node.ts";

Deno.test("expiredQuery(): the words of each generation", () => {
  assert.equal(
    expiredQuery("ckcore", NOW),
    "metadata.protected != true and metadata.phantom != true and metadata.cleaned != true" +
      ' and metadata.expires < "2026-01-10T00:00:00Z"',
  );
  assert.equal(
    expiredQuery("fixcore", NOW),
    "/metadata.protected != true and /metadata.phantom != true and /metadata.cleaned != true" +
      ' and /metadata.expires < "2026-01-10T00:00:00Z"',
  );
});

for (
  const [title, expires, marked, isMarked] of [
    ["in the past", "2026-01-09T23:59:59Z", false, true],
    ["now", "2026-01-10T00:00:00Z", false, false],
    ["in the future", "2026-01-10T00:00:01Z", false, false],
    ["not at all", undefined, false, false],
    ["at no time", "soon", false, false],
    ["in the past and marked", "2026-01-09T23:59:59Z", true, false],
  ] as const
) {
  Deno.test(`decideExpired(): a node that expires ${title}`, () => {
    const node = actionNode("n1", { marked, metadata: { expires } });
    const decision = decideExpired(node, NOW);
    assert.equal(decision?.type, isMarked ? "mark" : undefined);
    if (isMarked) assert.match(decision?.reason ?? "", /expired since 2026-01-09T23:59:59Z/);
  });
}
