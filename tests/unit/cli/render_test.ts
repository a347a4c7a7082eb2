import assert from "node:assert/strict";
import fc from "fast-check";
import type { ProgressEvent } from "../../../lib/collect/mod.ts";
import { combineExitCodes, EXIT, exitCodeOf } from "../../../lib/cli/exit_codes.ts";
import { renderFinished, renderRunning, showProgress } from "../../../lib/cli/progress.ts";
import { renderError } from "../../../lib/cli/render_error.ts";
import { createScreen } from "../../../lib/cli/screen.ts";
import { secretsOfEnvironment } from "../../../lib/cli/secrets_of_environment.ts";
import { readSeen } from "../../../lib/cli/seen.ts";
import { renderTable } from "../../../lib/cli/table.ts";
import { CkError, ConfigError, SandboxError, StoreError } from "../../../lib/errors/mod.ts";
import { recorder, runCli } from "../../support/cli.ts";
import { CLOUDY, DEMO } from "../../support/cli_plugins.ts";
import { golden } from "../../support/golden.ts";

const PLUGINS = { plugins: [CLOUDY, DEMO] };

Deno.test("renderHelp: the page of the program", async () => {
  await golden("cli/help.txt", (await runCli(["--help"], { ...PLUGINS, columns: 80 })).stdout);
});

Deno.test("renderHelp: the page of a command with options of its own", async () => {
  const { stdout } = await runCli(["permissions", "--help", "--collector", "demo"], PLUGINS);
  await golden("cli/help_permissions.txt", stdout);
});

Deno.test("renderMachineHelp: every flag, one a line", async () => {
  await golden("cli/machine_help.txt", (await runCli(["--machine-help"], PLUGINS)).stdout);
});

Deno.test("renderHelp: no line is wider than the terminal, names of flags apart", async () => {
  for (const columns of [60, 80, 120]) {
    const { stdout } = await runCli(["--help"], { ...PLUGINS, columns });
    for (const line of stdout.split("\n")) {
      assert.ok(line.length <= Math.max(columns, 62), `${columns}: ${line}`);
    }
  }
});

Deno.test("combineExitCodes: the first of the order that is among them, in any order", () => {
  const order = [70, 2, 75, 130, 143, 1, 4, 3, 0];
  fc.assert(fc.property(fc.array(fc.constantFrom(...order)), (codes) => {
    assert.equal(combineExitCodes(codes), order.find((code) => codes.includes(code)) ?? 0);
  }));
});

Deno.test("exitCodeOf: a bug stays a bug after a signal, an expected fault does not", () => {
  const aborted = AbortSignal.abort("SIGINT");
  const calm = new AbortController().signal;
  const cases = [
    [new TypeError("x"), aborted, EXIT.bug],
    [new CkError("x.y", "x"), aborted, EXIT.interrupted],
    [new DOMException("x", "AbortError"), aborted, EXIT.interrupted],
    ["SIGTERM", AbortSignal.abort("SIGTERM"), EXIT.terminated],
    [new DOMException("x", "AbortError"), calm, EXIT.bug],
    [new SandboxError("pin", "x"), calm, EXIT.usage],
    [new SandboxError("crash", "x"), calm, EXIT.failed],
    [new StoreError("locked", "x"), aborted, EXIT.locked],
    [new ConfigError("x"), aborted, EXIT.usage],
  ] as const;
  for (const [thrown, signal, code] of cases) {
    assert.equal(exitCodeOf(thrown, signal), code, String(thrown));
  }
});

Deno.test("renderError: what failed, and what to do", () => {
  const error = new ConfigError("--x is bad", { hint: "Leave it out" });
  assert.equal(renderError(error, { verbose: false }), "ckworker: --x is bad. Leave it out\n");
});

Deno.test("renderError: anything thrown that is no error is a bug too", () => {
  assert.match(renderError("text", { verbose: true }), /fault of ckworker itself.*\ntext\n$/);
});

Deno.test("renderError: a chain of causes that bites its tail ends", () => {
  const error = new CkError("a.b", "first");
  error.cause = error;
  assert.ok(renderError(error, { verbose: true }).split("because:").length < 20);
});

const EVENT: ProgressEvent = {
  cloud: "aws",
  account: "1111",
  done: 1,
  total: 4,
  label: "eu-west-1",
  finished: false,
};

Deno.test("renderRunning: bar and percent for any figures", () => {
  assert.equal(renderRunning(EVENT), "aws 1111 [#####---------------]  25 % eu-west-1");
  fc.assert(fc.property(fc.nat(), fc.nat(), (done, total) => {
    const line = renderRunning({ ...EVENT, done, total });
    assert.match(line, /^aws 1111 \[#{0,20}-{0,20}\] {1,3}\d{1,3} % eu-west-1$/);
    assert.equal(line.length, renderRunning(EVENT).length);
  }));
});

Deno.test("showProgress: without a terminal one plain line per account, when it is done", async () => {
  const output = recorder();
  using screen = await createScreen(output);
  const show = showProgress(screen, false);
  show(EVENT);
  show({ ...EVENT, account: "2222" });
  show({ ...EVENT, done: 4, label: "", finished: true });
  assert.equal(output.text(), `${renderFinished({ ...EVENT, done: 4, label: "" })}\n`);
  assert.equal(output.text(), "aws 1111: done, 4 of 4\n");
});

Deno.test("showProgress: quiet shows nothing, on a terminal neither", async () => {
  for (const terminal of [true, false]) {
    const output = recorder({ terminal });
    using screen = await createScreen(output);
    const show = showProgress(screen, true);
    show(EVENT);
    show({ ...EVENT, finished: true });
    assert.equal(output.text(), "");
  }
});

Deno.test("showProgress: on a terminal a live line per running account, finished ones stay", async () => {
  const output = recorder({ terminal: true });
  {
    using screen = await createScreen(output);
    const show = showProgress(screen, false);
    show(EVENT);
    show({ ...EVENT, account: "2222" });
    screen.write("a log line\n");
    show({ ...EVENT, done: 4, label: "", finished: true });
    show({ ...EVENT, account: "2222", done: 4, label: "", finished: true });
  }
  assert.deepEqual(screenOf(output.text()), [
    "a log line",
    "aws 1111: done, 4 of 4",
    "aws 2222: done, 4 of 4",
  ]);
});

Deno.test("showProgress: while it runs the terminal shows the logs above the live lines", async () => {
  const output = recorder({ terminal: true });
  using screen = await createScreen(output);
  const show = showProgress(screen, false);
  show(EVENT);
  screen.write("a log line\n");
  show({ ...EVENT, account: "2222" });
  assert.deepEqual(screenOf(output.text()), [
    "a log line",
    renderRunning(EVENT),
    renderRunning({ ...EVENT, account: "2222" }),
  ]);
});

/** What a terminal shows after these bytes: text, line breaks, cursor up, erase. */
function screenOf(bytes: string): readonly string[] {
  const lines = [""];
  let row = 0;
  let column = 0;
  // deno-lint-ignore no-control-regex -- escape sequences are what is interpreted
  for (const [token] of bytes.matchAll(/\u001b\[\??([\d;]*)([A-Za-z])|\n|\r|[^\u001b\n\r]+/g)) {
    // deno-lint-ignore no-control-regex -- the same
    const [, count = "", verb] = /^\u001b\[\??([\d;]*)([A-Za-z])$/.exec(token) ?? [];
    const steps = Number(count || 1);
    if (token === "\n") [row, column] = [row + 1, 0];
    else if (token === "\r" || verb === "G") column = 0;
    else if (verb === "A") row = Math.max(0, row - steps);
    else if (verb === "B") row += steps;
    else if (verb === "E") [row, column] = [row + steps, 0];
    else if (verb === "F") [row, column] = [Math.max(0, row - steps), 0];
    else if (verb === "K") lines[row] = count === "2" ? "" : (lines[row] ?? "").slice(0, column);
    else if (verb === "J") lines.splice(row, Infinity, (lines[row] ?? "").slice(0, column));
    else if (verb === "h" || verb === "l") continue;
    else if (verb !== undefined) throw new Error(`unknown sequence ${JSON.stringify(token)}`);
    else {
      lines[row] = (lines[row] ?? "").slice(0, column).padEnd(column) + token;
      column += token.length;
    }
    while (lines.length <= row) lines.push("");
  }
  return lines.filter((line) => line !== "");
}

Deno.test("renderTable: aligned columns without control codes or trailing blanks", () => {
  const text = renderTable(["A", "B"], [["x", 1], ["long", 200], ["bad\u001b[31m\n", 3]]);
  assert.equal(text, "A            B\nx            1\nlong       200\nbad\ufffd[31m\ufffd    3\n");
});

Deno.test("readSeen: only variables and files that the manifest names", () => {
  const files: Record<string, string> = { "/etc/cloudy": "text", "/etc/shadow": "no" };
  const seen = readSeen(CLOUDY.manifest, {}, {
    env: { CLOUD_KEY: "1", CLOUD: "2", HOME: "/h" },
    readText: (path) => files[path] ?? "",
  });
  assert.deepEqual(seen, { env: { CLOUD_KEY: "1" }, files: { "/etc/cloudy": "text" } });
});

Deno.test("readSeen: a file that is absent or forbidden is not seen, other faults are", () => {
  const read = (fault: Error) =>
    readSeen(CLOUDY.manifest, {}, {
      env: {},
      readText: () => {
        throw fault;
      },
    });
  assert.deepEqual(read(new Deno.errors.NotFound("x")).files, {});
  assert.deepEqual(read(new Deno.errors.PermissionDenied("x")).files, {});
  assert.throws(() => read(new TypeError("x")), TypeError);
});

Deno.test("secretsOfEnvironment: values by name, not places and not switches", () => {
  const secrets = secretsOfEnvironment({
    AWS_SECRET_ACCESS_KEY: "aaaaaaaaaa",
    GITHUB_TOKEN: "bbbbbbbbbb",
    AWS_WEB_IDENTITY_TOKEN_FILE: "/var/run/token",
    TOKEN: "true",
    HOME: "/home/someone",
  });
  assert.deepEqual(secrets, ["aaaaaaaaaa", "bbbbbbbbbb"]);
});

Deno.test("renderError: one line without control codes, whatever a cloud or a file put in it", () => {
  const error = new ConfigError("bad\n  key \x1b[31m", { hint: "Look\nthere" });
  assert.equal(
    renderError(error, { verbose: false }),
    "ckworker: bad key \ufffd[31m. Look there\n",
  );
});
