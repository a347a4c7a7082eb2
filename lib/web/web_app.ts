import { type Context, Hono } from "hono";
import { compress } from "hono/compress";
import type { Secret } from "../config/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { Metrics } from "../metrics/mod.ts";
import { Access } from "./access.ts";
import { mount, type WebHandler } from "./mount.ts";
import { ICON } from "./page/icon.ts";
import { renderPage } from "./page/render_page.ts";
import { renderSignIn } from "./page/render_sign_in.ts";
import { SCRIPT } from "./page/script.ts";
import { STYLES } from "./page/styles.ts";
import type { StatusSnapshot } from "./status_snapshot.ts";

/** Whether work can be taken, and if not, why not. */
export interface Readiness {
  readonly ready: boolean;
  /** One sentence each; no secrets. */
  readonly reasons: readonly string[];
}

/** What the web pages show, and to whom. */
export interface WebAppOptions {
  /** State of the moment, secrets taken out. */
  readonly state: () => StatusSnapshot | Promise<StatusSnapshot>;
  readonly metrics: Pick<Metrics, "contentType" | "render">;
  readonly ready: () => Readiness;
  /** When given, everything but `/health` needs it. */
  readonly token?: Secret;
  /** Where the pages are found besides `/`, such as `/ckworker`. */
  readonly path: string;
  readonly log: Logger;
}

/**
 * The web pages as a function of requests: `/health`, `/ready`, `/metrics`, the status page `/` and
 * `/status.json`. They read only; every method but GET and HEAD is refused.
 */
export function createWebApp(options: WebAppOptions): WebHandler {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    for (const [name, value] of HEADERS) if (!c.res.headers.has(name)) c.header(name, value);
  });
  app.use(compress({ encoding: "gzip", contentTypeFilter: /^(text|application)\/|^image\/svg/ }));
  page(app, "/health", () => text("ok\r\n", "text/plain"));
  if (options.token !== undefined) guard(app, new Access(options.token));
  pages(app, options);
  app.notFound(() => text("There is no such page. See / for the status.\n", TEXT, 404));
  app.onError((error, c) => {
    options.log.error("web.failed", "A web page could not be made", {
      path: c.req.path,
      error: error.message,
    });
    return text("This page could not be made; the log says why.\n", TEXT, 500);
  });
  return mount(options.path, (request) => app.fetch(request));
}

/** Only the page's own files, nothing else; nobody keeps, frames or reinterprets an answer. */
const HEADERS: ReadonlyMap<string, string> = new Map([
  [
    "content-security-policy",
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; " +
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  ],
  ["cache-control", "no-store"],
  ["x-content-type-options", "nosniff"],
  ["x-frame-options", "DENY"],
  ["referrer-policy", "no-referrer"],
  ["cross-origin-resource-policy", "same-origin"],
  ["cross-origin-opener-policy", "same-origin"],
  ["permissions-policy", "camera=(), geolocation=(), microphone=()"],
]);

const TEXT = "text/plain; charset=utf-8";

function pages(app: Hono, { state, metrics, ready }: WebAppOptions): void {
  page(app, "/", async (c) => c.html(await renderPage(await state())));
  page(app, "/status.json", async () => json(await state()));
  page(app, "/ready", () => {
    const readiness = ready();
    return json(readiness, readiness.ready ? 200 : 503);
  });
  page(app, "/metrics", async () => text(await metrics.render(), metrics.contentType));
  page(app, "/page.css", () => text(STYLES, "text/css; charset=utf-8"));
  page(app, "/page.js", () => text(SCRIPT, "text/javascript; charset=utf-8"));
  page(app, "/icon.svg", () => text(ICON, "image/svg+xml"));
}

/** One page: HEAD is answered like GET without a body, other methods are refused. */
function page(
  app: Hono,
  path: string,
  answer: (c: Context) => Response | Promise<Response>,
): void {
  app.get(path, answer);
  app.all(path, () => {
    return text("This page can only be read: use GET.\n", TEXT, 405, { allow: "GET, HEAD" });
  });
}

/** Lets only those through who have the token, and gives a browser a cookie for it once. */
function guard(app: Hono, access: Access): void {
  app.use(async (c, next) => {
    if (access.admits(c.req.raw.headers) && c.req.query("token") === undefined) return await next();
    const given = c.req.path === "/" ? c.req.query("token") : undefined;
    if (given !== undefined && access.knows(given)) {
      // Back to the same page, so that the token stays in no address bar and no history.
      const cookie = access.setCookie(new URL(c.req.url).protocol === "https:");
      return text("", TEXT, 303, { location: "./", "set-cookie": cookie });
    }
    if (access.admits(c.req.raw.headers)) return await next();
    return refuse(c, given !== undefined);
  });
}

function refuse(c: Context, wrong: boolean): Response | Promise<Response> {
  const headers = { "www-authenticate": `Bearer realm="ckworker"` };
  if (!(c.req.header("accept") ?? "").includes("text/html")) {
    return text(`${wrong ? "That is not the token. " : ""}${TOKEN_NEEDED}\n`, TEXT, 401, headers);
  }
  const nonce = crypto.randomUUID();
  return c.html(renderSignIn(nonce, wrong), 401, {
    ...headers,
    "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; ` +
      "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  });
}

const TOKEN_NEEDED = "This page needs the token of --web-token: send the header " +
  "`Authorization: Bearer TOKEN`, or open /?token=TOKEN in a browser.";

function text(
  body: string,
  type: string,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response {
  return new Response(body, { status, headers: { "content-type": type, ...headers } });
}

function json(value: unknown, status = 200): Response {
  return text(`${JSON.stringify(value, undefined, 2)}\n`, "application/json", status);
}
