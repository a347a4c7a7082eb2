import assert from "node:assert/strict";
import {
  createLogger,
  createRedactor,
  jsonFormat,
  type LoggerOptions,
  type LogLevel,
  textFormat,
} from "../../../lib/log/mod.ts";

/** Local time, so that the expectation holds in every time zone. */
const AT = new Date(2021, 11, 2, 8, 0, 0);

function recorder(options: Partial<LoggerOptions> = {}) {
  const lines: string[] = [];
  const log = createLogger({
    sinks: [{ format: textFormat(4711), write: (line) => lines.push(line) }],
    level: "info",
    now: () => AT,
    redactor: createRedactor(),
    ...options,
  });
  return { log, lines };
}

Deno.test("textFormat: writes the original worker's line", () => {
  const { log, lines } = recorder();
  log.info("cleanup.start", "Running cleanup");
  assert.deepEqual(lines, ["21-12-02 08:00:00|ckworker| INFO|4711|MainThread  Running cleanup\n"]);
});

Deno.test("textFormat: aligns short level names right and leaves long ones whole", () => {
  const { log, lines } = recorder({ level: "debug" });
  const levels: LogLevel[] = ["debug", "info", "warn", "error", "critical"];
  for (const level of levels) log.log(level, "x.y", "m");
  assert.deepEqual(
    lines.map((line) => line.split("|")[2]),
    ["DEBUG", " INFO", "WARNING", "ERROR", "CRITICAL"],
  );
});

Deno.test("textFormat: appends fields, quoting what has blanks or quotes, leaving undefined out", () => {
  const { log, lines } = recorder();
  log.info("x.y", "Done", { nodes: 3, name: "a b", quote: 'say "x"', none: undefined, ok: true });
  assert.match(
    lines.join(""),
    /MainThread {2}Done nodes=3 name="a b" quote="say \\"x\\"" ok=true\n$/,
  );
});

Deno.test("textFormat: a line break in a message or a value does not make a second line", () => {
  const { log, lines } = recorder();
  log.info("x.y", "one\ntwo\u2028three\u007f\u0085", { name: "a\r\nb\u0007" });
  assert.equal(lines.length, 1);
  assert.match(lines.join(""), /one\\ntwo\\u2028three\\u007f\\u0085 name="a\\r\\nb\\u0007"\n$/);
});

Deno.test("jsonFormat: one object a line with time, level, event, message and fields", () => {
  const { log, lines } = recorder({
    sinks: [{ format: jsonFormat, write: (line) => lines.push(line) }],
    now: () => new Date("2021-12-02T08:00:00.5Z"),
  });
  log.warn("x.y", "line\nbreak", { nodes: 3, none: undefined });
  assert.deepEqual(lines.map((line) => JSON.parse(line)), [{
    at: "2021-12-02T08:00:00.500Z",
    level: "warn",
    event: "x.y",
    message: "line\nbreak",
    fields: { nodes: 3 },
  }]);
  assert.equal(lines.join("").split("\n").length, 2);
});

Deno.test("createLogger: drops what is below its level", () => {
  for (const [level, expected] of [["debug", 5], ["info", 4], ["critical", 1]] as const) {
    const { log, lines } = recorder({ level });
    log.debug("e", "m");
    log.info("e", "m");
    log.warn("e", "m");
    log.error("e", "m");
    log.log("critical", "e", "m");
    assert.equal(lines.length, expected, level);
  }
});

Deno.test("createLogger: with() adds fields and an event's own win", () => {
  const { log, lines } = recorder({ fields: { run: "r1" } });
  log.with({ account: "1" }).with({ region: "eu" }).info("e", "m", { account: "2" });
  log.info("e", "m");
  assert.match(lines[0] ?? "", / m run=r1 account=2 region=eu\n$/);
  assert.match(lines[1] ?? "", / m run=r1\n$/);
});

Deno.test("createLogger: writes each event to every sink", () => {
  const second: string[] = [];
  const first: string[] = [];
  const { log } = recorder({
    sinks: [
      { format: textFormat(1), write: (line) => first.push(line) },
      { format: jsonFormat, write: (line) => second.push(line) },
    ],
  });
  log.info("e", "m");
  assert.deepEqual([first.length, second.length], [1, 1]);
});

Deno.test("createLogger: secrets are gone from message, fields and common fields in every format", () => {
  const secret = 'pa"ss wörd+/=';
  for (const format of [textFormat(1), jsonFormat]) {
    const { log, lines } = recorder({
      redactor: createRedactor([secret]),
      fields: { who: secret },
    });
    const target = createLogger({
      sinks: [{ format, write: (line) => lines.push(line) }],
      level: "info",
      now: () => AT,
      redactor: createRedactor([secret]),
    });
    target.info("e", `got ${secret}`, { url: `https://x/?p=${encodeURIComponent(secret)}` });
    log.info("e", "m");
    const written = lines.join("");
    assert.ok(written.includes("[secret]"));
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      assert.ok(!written.includes(form), form);
    }
  }
});
