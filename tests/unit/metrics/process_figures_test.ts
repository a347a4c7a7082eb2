import assert from "node:assert/strict";
import { processFigures } from "../../../lib/metrics/mod.ts";

Deno.test("process figures: this process has memory, a heap and used its processor", () => {
  const figures = processFigures(new Date(0));
  assert.ok(figures.residentBytes > figures.heapUsedBytes);
  assert.ok(figures.heapTotalBytes >= figures.heapUsedBytes && figures.heapUsedBytes > 0);
  assert.ok(figures.cpuSeconds > 0);
});
