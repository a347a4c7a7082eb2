import assert from "node:assert/strict";
import { explainDenied } from "../../../lib/sdk/mod.ts";

for (
  const [message, text, subject, key] of [
    [
      'Requires net access to "x.test:443", run again with the --allow-net flag',
      /may not connect to "x.test:443"/,
      "x.test:443",
      "permissions.net",
    ],
    [
      'Requires env access to "HOME", run again with the --allow-env flag',
      /may not read the variable "HOME"/,
      "HOME",
      "permissions.env",
    ],
    [
      'Requires read access to "/etc/passwd", run again with the --allow-read flag',
      /may not read "\/etc\/passwd"/,
      "/etc/passwd",
      "permissions.read",
    ],
    [
      'Requires sys access to "osRelease", run again with the --allow-sys flag',
      /may not ask the system for "osRelease"/,
      "osRelease",
      "permissions.sys",
    ],
    [
      "Requires env access, run again with the --allow-env flag",
      /everything of "env"/,
      undefined,
      "permissions.env",
    ],
    [
      'Requires run access to "ls", run again with the --allow-run flag',
      /may not use run: "ls"/,
      "ls",
      'No plugin gets the right "run"',
    ],
  ] as const
) {
  Deno.test(`explainDenied() explains: ${message.slice(0, 40)}`, () => {
    const denied = explainDenied(new Error(message), { plugin: "acme" });
    assert.match(denied?.message ?? "", text);
    assert.match(denied?.message ?? "", /^Plugin "acme"/);
    assert.equal(denied?.context.subject, subject);
    assert.ok(denied?.hint?.includes(key));
  });
}

Deno.test("explainDenied() finds the refusal below what a library wrapped around it", () => {
  const cause = new Error('Requires net access to "x:1", run again with the --allow-net flag');
  const wrapped = new Error("request failed", { cause: new Error("socket", { cause }) });
  assert.equal(explainDenied(wrapped)?.context.subject, "x:1");
});

Deno.test("explainDenied() leaves other faults alone", () => {
  assert.equal(explainDenied(new Error("Access denied by the cloud")), undefined);
  assert.equal(explainDenied("no error"), undefined);
});

Deno.test("explainDenied() understands what this runtime really says", async () => {
  const worker = new Worker(
    `data:text/javascript,try{Deno.env.get("CK_TEST")}catch(e){postMessage(e.message)}`,
    { type: "module", ...{ deno: { permissions: "none" } } },
  );
  const message = await new Promise<string>((resolve) => {
    worker.onmessage = (event) => resolve(event.data);
  });
  worker.terminate();
  assert.equal(explainDenied(new Error(message))?.context.subject, "CK_TEST");
});
