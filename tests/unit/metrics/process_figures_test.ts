import assert from "node:assert/strict";
import { processFigures, residentBytes } from "../../../lib/metrics/mod.ts";

Deno.test("process figures: this process has memory, a heap and used its processor", () => {
  const figures = processFigures(new Date(0));
  assert.ok(figures.residentBytes > figures.heapUsedBytes);
  assert.ok(figures.heapTotalBytes >= figures.heapUsedBytes && figures.heapUsedBytes > 0);
  assert.ok(figures.cpuSeconds > 0);
});

Deno.test("resident memory of a process: about what it says itself, nothing when it is gone", () => {
  const own = residentBytes(Deno.pid);
  if (Deno.build.os === "linux") {
    assert.ok(own !== undefined);
    assert.ok(Math.abs(own / Deno.memoryUsage().rss - 1) < 0.2);
  } else assert.equal(own, undefined);
  assert.equal(residentBytes(2 ** 30), undefined);
});
