import assert from "node:assert/strict";
import { Secret } from "../../../lib/config/mod.ts";
import { createWebApp, type WebAppOptions, type WebHandler } from "../../../lib/web/mod.ts";
import { silentLogger } from "../../support/silent_logger.ts";
import { busySample } from "../../support/status_sample.ts";

const METRICS = {
  contentType: "text/plain; version=0.0.4; charset=utf-8",
  render: () => Promise.resolve("up 1\n".repeat(500)),
};

function app(options: Partial<WebAppOptions> = {}): WebHandler {
  return createWebApp({
    state: busySample,
    metrics: METRICS,
    ready: () => ({ ready: true, reasons: [] }),
    path: "/",
    log: silentLogger,
    ...options,
  });
}

async function ask(
  handler: WebHandler,
  path: string,
  init: RequestInit = {},
): Promise<{ readonly status: number; readonly headers: Headers; readonly body: string }> {
  const answer = await handler(new Request(`http://localhost${path}`, init));
  return { status: answer.status, headers: answer.headers, body: await answer.text() };
}

const PAGES = ["/health", "/ready", "/metrics", "/", "/status.json", "/page.css", "/page.js"];

Deno.test("web: health says ok with a line end of its own", async () => {
  const { status, headers, body } = await ask(app(), "/health");
  assert.deepEqual([status, headers.get("content-type"), body], [200, "text/plain", "ok\r\n"]);
});

Deno.test("web: metrics have the media type of the text format", async () => {
  const { status, headers, body } = await ask(app(), "/metrics");
  assert.equal(status, 200);
  assert.equal(headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  assert.match(body, /^up 1\n/);
});

Deno.test("web: readiness is 200 or 503, with reasons", async () => {
  assert.equal((await ask(app(), "/ready")).status, 200);
  const not = app({ ready: () => ({ ready: false, reasons: ["the core refuses us"] }) });
  const { status, body } = await ask(not, "/ready");
  assert.equal(status, 503);
  assert.deepEqual(JSON.parse(body), { ready: false, reasons: ["the core refuses us"] });
});

Deno.test("web: the state is there as JSON", async () => {
  const { headers, body } = await ask(app(), "/status.json");
  assert.equal(headers.get("content-type"), "application/json");
  assert.deepEqual(JSON.parse(body), JSON.parse(JSON.stringify(busySample())));
});

Deno.test("web: nothing can be changed, HEAD has no body, other pages are not found", async () => {
  for (const path of PAGES) {
    for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
      const { status, headers } = await ask(app(), path, { method });
      assert.deepEqual([status, headers.get("allow")], [405, "GET, HEAD"], `${method} ${path}`);
    }
    const head = await ask(app(), path, { method: "HEAD" });
    assert.deepEqual([head.status, head.body], [200, ""], path);
  }
  for (const path of ["/nothing", "/health/", "//evil.example/", "/..%2fmetrics"]) {
    assert.equal((await ask(app(), path)).status, 404, path);
  }
});

Deno.test("web: every answer forbids keeping, framing, guessing and foreign content", async () => {
  for (const path of [...PAGES, "/nothing"]) {
    const { headers } = await ask(app(), path);
    assert.equal(headers.get("cache-control"), "no-store", path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
    const policy = headers.get("content-security-policy") ?? "";
    assert.match(policy, /^default-src 'none'; /, path);
    assert.match(policy, /frame-ancestors 'none'/, path);
    assert.doesNotMatch(policy, /unsafe|https?:|\*/, path);
    assert.equal(headers.get("access-control-allow-origin"), null, path);
  }
});

Deno.test("web: gzip when it is asked for, and only then", async () => {
  const plain = await ask(app(), "/metrics");
  assert.equal(plain.headers.get("content-encoding"), null);
  const handler = app();
  const request = new Request("http://localhost/metrics", {
    headers: { "accept-encoding": "gzip, br" },
  });
  const answer = await handler(request);
  assert.equal(answer.headers.get("content-encoding"), "gzip");
  assert.match(answer.headers.get("vary") ?? "", /accept-encoding/i);
  assert.ok(answer.body !== null);
  const text = await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).text();
  assert.equal(text, plain.body);
});

Deno.test("web: the pages are at / and below --web-path as well", async () => {
  for (const path of ["/ck", "/ck/", "/a/b", "/a:b*"]) {
    const handler = app({ path });
    const prefix = path.replace(/\/$/, "");
    assert.equal((await ask(handler, "/health")).body, "ok\r\n", path);
    assert.equal((await ask(handler, `${prefix}/health`)).body, "ok\r\n", path);
    assert.match((await ask(handler, `${prefix}/`)).body, /<main/, path);
    const bare = await ask(handler, `${prefix}?x=1`);
    const target = new URL(bare.headers.get("location") ?? "", `http://localhost${prefix}`);
    assert.deepEqual([bare.status, target.pathname, target.search], [308, `${prefix}/`, "?x=1"]);
    assert.equal((await ask(handler, `${prefix}x/health`)).status, 404, path);
  }
});

Deno.test("web: an empty path and one of slashes are /", async () => {
  for (const path of ["", "/", "//"]) {
    assert.equal((await ask(app({ path }), "/health")).status, 200);
  }
});

Deno.test("web: a fault behind a page is told to the log, not to the reader", async () => {
  const lines: unknown[] = [];
  const log = { ...silentLogger, error: (...line: unknown[]) => void lines.push(line) };
  const state = () => {
    throw new Error("disk /secret is full");
  };
  const { status, body, headers } = await ask(app({ state, log }), "/");
  assert.equal(status, 500);
  assert.doesNotMatch(body, /secret/);
  assert.equal(headers.get("cache-control"), "no-store");
  assert.match(JSON.stringify(lines), /web\.failed.*disk \/secret is full/);
});

const TOKEN = "correct-horse-battery";
const guarded = () => app({ token: new Secret(TOKEN), path: "/ck" });
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });

Deno.test("web token: only health is free; the header opens the rest", async () => {
  for (const path of [...PAGES, "/nothing", "/ck/metrics"]) {
    const free = path === "/health";
    const refused = await ask(guarded(), path);
    assert.equal(refused.status, free ? 200 : 401, path);
    if (!free) assert.match(refused.headers.get("www-authenticate") ?? "", /^Bearer/);
    assert.equal(refused.headers.get("cache-control"), "no-store");
    const letIn = await ask(guarded(), path, bearer(TOKEN));
    assert.equal(letIn.status, path === "/nothing" ? 404 : 200, path);
  }
  assert.equal((await ask(guarded(), "/metrics", { method: "POST" })).status, 401);
});

Deno.test("web token: nothing near the token opens", async () => {
  const wrong = ["", TOKEN.slice(1), `${TOKEN}x`, TOKEN.toUpperCase(), "[secret]"];
  for (const token of wrong) {
    assert.equal((await ask(guarded(), "/metrics", bearer(token))).status, 401, token);
    const query = `/?token=${encodeURIComponent(token)}`;
    assert.equal((await ask(guarded(), query)).status, 401, query);
  }
  for (const authorization of [TOKEN, `Basic ${btoa(`x:${TOKEN}`)}`, `Bearer${TOKEN}`]) {
    assert.equal((await ask(guarded(), "/", { headers: { authorization } })).status, 401);
  }
  for (const path of [`/metrics?token=${TOKEN}`, `/status.json?token=${TOKEN}`]) {
    assert.equal((await ask(guarded(), path)).status, 401, path);
  }
});

Deno.test("web token: a browser exchanges it for a cookie and leaves it out of the address", async () => {
  for (const base of ["/", "/ck/"]) {
    const { status, headers, body } = await ask(guarded(), `${base}?token=${TOKEN}`);
    assert.equal(status, 303);
    assert.equal(headers.get("location"), "./");
    const cookie = headers.get("set-cookie") ?? "";
    assert.match(cookie, /; Path=\/; HttpOnly; SameSite=Strict$/);
    assert.doesNotMatch(`${cookie}${body}`, new RegExp(TOKEN));
    const [pair = ""] = cookie.split(";");
    const withCookie = { headers: { cookie: `other=1; ${pair}` } };
    assert.equal((await ask(guarded(), base, withCookie)).status, 200);
    const other = app({ token: new Secret("another-token") });
    assert.equal((await ask(other, "/", withCookie)).status, 401);
    const again = await ask(guarded(), `${base}?token=${TOKEN}`, withCookie);
    assert.equal(again.status, 303, "a token in the address never stays there");
  }
});

Deno.test("web token: behind TLS the cookie travels over TLS only", async () => {
  const answer = await guarded()(new Request(`https://localhost/?token=${TOKEN}`));
  assert.match(answer.headers.get("set-cookie") ?? "", /; Secure$/);
});

Deno.test("web token: who is refused is told what to do, in text and in a browser", async () => {
  const text = await ask(guarded(), "/metrics");
  assert.match(text.body, /--web-token.*Authorization: Bearer TOKEN/);
  const page = await ask(guarded(), "/", { headers: { accept: "text/html,*/*" } });
  assert.equal(page.status, 401);
  assert.match(page.body, /<form[^>]+method="get"[^>]*>[\s\S]*name="token"[\s\S]*type="password"/);
  const nonce = /style-src 'nonce-([^']+)'/.exec(page.headers.get("content-security-policy") ?? "");
  assert.ok(page.body.includes(`<style nonce="${nonce?.[1]}">`));
});
