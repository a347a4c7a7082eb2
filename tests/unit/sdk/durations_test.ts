import assert from "node:assert/strict";
import fc from "fast-check";
import { deltaToText, parseDelta, parseTagDuration } from "../../../lib/sdk/mod.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

for (
  const [text, expected] of [
    ["7d", 7 * DAY],
    ["2 weeks", 14 * DAY],
    ["1w 2d", 9 * DAY],
    ["1w2d", 9 * DAY],
    ["14 days", 14 * DAY],
    ["24h", DAY],
    ["90m", 90 * MINUTE],
    ["3 hou", 3 * HOUR],
    ["1 minute", MINUTE],
    [" 5d ", 5 * DAY],
    ["1d 3d", 3 * DAY],
    ["0d", 0],
    ["030m", 30 * MINUTE],
    ["30s", undefined],
    ["1y", undefined],
    ["2M", undefined],
    ["2 Weeks", undefined],
    ["1 month", undefined],
    ["never", undefined],
    ["", undefined],
    [" ", undefined],
    ["7", undefined],
    ["d", undefined],
    ["1.5d", undefined],
    ["-1d", undefined],
    ["7d and 2h", undefined],
    ["7d!", undefined],
    ["weeks 2", undefined],
    [`${"9".repeat(400)}d`, undefined],
  ] as const
) {
  Deno.test(`parseDelta(): "${text.slice(0, 20)}"`, () => assert.equal(parseDelta(text), expected));
}

for (
  const [ms, expected] of [
    [7 * DAY, "1w"],
    [14 * DAY, "2w"],
    [36 * HOUR, "1d12h"],
    [90 * MINUTE, "1h30m"],
    [50 * HOUR, "2d2h"],
    [8 * DAY, "1w1d"],
    [1_000, "1m"],
    [61_000, "2m"],
    [0, "0m"],
    [-2 * DAY, "-2d"],
  ] as const
) {
  Deno.test(`deltaToText(): ${ms} ms is ${expected}`, () =>
    assert.equal(deltaToText(ms), expected));
}

Deno.test("deltaToText(): what it writes is read as the same, by configuration and by cores", () => {
  fc.assert(fc.property(fc.integer({ min: 0, max: 10_000_000 }), (minutes) => {
    const text = deltaToText(minutes * MINUTE);
    assert.equal(parseDelta(text), minutes * MINUTE);
    for (const dialect of ["ckcore", "fixcore"] as const) {
      assert.equal(parseTagDuration(text, dialect), minutes * MINUTE);
    }
  }));
});

for (
  const [text, ckcore, fixcore] of [
    ["30s", 30_000, 30_000],
    ["2d", 2 * DAY, 2 * DAY],
    ["1.5h", 90 * MINUTE, 90 * MINUTE],
    ["1y", 366 * DAY, 365 * DAY],
    ["2M", 61 * DAY, 62 * DAY],
    ["2days", 2 * DAY, 2 * DAY],
    ["1day2hours", 26 * HOUR, 26 * HOUR],
    ["-2d", -2 * DAY, -2 * DAY],
    ["+2d", 2 * DAY, 2 * DAY],
    ["1mo", undefined, 31 * DAY],
    ["5min", undefined, 5 * MINUTE],
    ["2 weeks", undefined, undefined],
    ["1w 2d", undefined, undefined],
    ["never", undefined, undefined],
    ["", undefined, undefined],
    ["7", undefined, undefined],
    ["2D", undefined, undefined],
    ["2constructor", undefined, undefined],
  ] as const
) {
  Deno.test(`parseTagDuration(): "${text}"`, () => {
    assert.equal(parseTagDuration(text, "ckcore"), ckcore);
    assert.equal(parseTagDuration(text, "fixcore"), fixcore);
  });
}
