import assert from "node:assert/strict";
import fc from "fast-check";
import { expandMacros, formatDuration, normalDate, parseDuration } from "../../../lib/query/mod.ts";
import { parseTagDuration } from "../../../lib/query/duration.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

Deno.test("parseDuration(): both grammars", () => {
  const cases = [
    ["2d3h", 2 * DAY + 3 * HOUR],
    ["-2d", -2 * DAY],
    ["+1w", 7 * DAY],
    ["1.5h", 1.5 * HOUR],
    ["1 day 2 hours", DAY + 2 * HOUR],
    ["1 week, 2 days and 3h", 9 * DAY + 3 * HOUR],
    ["90min", 1.5 * HOUR],
    ["1M", 30.5 * DAY],
    ["1mo", 30.5 * DAY],
    ["1y", 366 * DAY],
    ["5s", 5000],
    ["P2D", 2 * DAY],
    ["PT3H", 3 * HOUR],
    ["P1W", 7 * DAY],
    ["P1DT2H", DAY + 2 * HOUR],
  ] as const;
  for (const [text, length] of cases) assert.equal(parseDuration(text), length, text);
});

Deno.test("parseDuration(): other text is none", () => {
  for (
    const text of [
      "",
      "90",
      "abc",
      "2x",
      "d",
      "2d3",
      "P",
      "PT",
      "never",
      "2d and",
      "constructor",
      "1constructor",
    ]
  ) {
    assert.equal(parseDuration(text), undefined, text);
  }
});

Deno.test("parseTagDuration(): units that a core does not know set no end", () => {
  assert.equal(parseTagDuration("36h"), 36 * HOUR);
  assert.equal(parseTagDuration("1day2hours"), DAY + 2 * HOUR);
  for (const text of ["1mo", "1yr", "5min", "1 day", "never", "", "P1D", "90"]) {
    assert.equal(parseTagDuration(text), undefined, text);
  }
});

Deno.test("formatDuration(): the two largest units; what it writes is read again", () => {
  const cases = [
    [0, "0s"],
    [999, "0s"],
    [61_000, "1m1s"],
    [2 * DAY + 3 * HOUR + 59_000, "2d3h"],
    [DAY + 60_000, "1d"],
    [-2 * DAY, "-2d"],
  ] as const;
  for (const [ms, text] of cases) assert.equal(formatDuration(ms), text);
  fc.assert(fc.property(fc.integer({ min: 1000, max: 1e12 }), (ms) => {
    const read = parseDuration(formatDuration(ms));
    assert.ok(read !== undefined && read <= ms && ms - read < Math.max(1000, ms / 20));
  }));
});

Deno.test("normalDate(): dates of clouds and people in one form", () => {
  const cases = [
    ["2030-01-02T03:04:05Z", "2030-01-02T03:04:05Z"],
    ["2030-01-02T03:04:05+02:00", "2030-01-02T01:04:05Z"],
    ["2030-01-02T03:04:05+0200", "2030-01-02T01:04:05Z"],
    ["2030-01-02 03:04", "2030-01-02T03:04:00Z"],
    ["2030-01-02T03:04:05.678Z", "2030-01-02T03:04:05Z"],
    ["2030-01-02", "2030-01-02T00:00:00Z"],
    ["2030-13-02", undefined],
    ["yesterday", undefined],
    ["20300102", undefined],
  ] as const;
  for (const [text, date] of cases) assert.equal(normalDate(text), date, text);
});

Deno.test("expandMacros(): times in UTC, the next day of a week, unknown ones stay", () => {
  // A Wednesday.
  const now = new Date("2030-01-02T23:04:05.678Z");
  const cases = [
    ["@NOW@ @UTC@", "2030-01-02T23:04:05Z 2030-01-02T23:04:05Z"],
    ["@TODAY@ @TOMORROW@ @YESTERDAY@", "2030-01-02 2030-01-03 2030-01-01"],
    ["@YEAR@-@MONTH@-@DAY@ @HOUR@:@MINUTE@:@SECOND@ @TIME@", "2030-01-02 23:04:05 23:04:05"],
    ["@WEDNESDAY@ @THURSDAY@ @TUESDAY@", "2030-01-02 2030-01-03 2030-01-08"],
    ["@TZ@ @TZ_OFFSET@", "UTC +0000"],
    ['x < "@NOW@"', 'x < "2030-01-02T23:04:05Z"'],
    ["@NOPE@ @now@ a@b", "@NOPE@ @now@ a@b"],
  ] as const;
  for (const [text, expanded] of cases) assert.equal(expandMacros(text, now), expanded);
});
