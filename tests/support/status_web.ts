import { Secret } from "../../lib/config/mod.ts";
import { serveWeb, type StatusSnapshot, type WebServer } from "../../lib/web/mod.ts";
import { createWebApp } from "../../lib/web/mod.ts";
import { silentLogger } from "./silent_logger.ts";

/** Web pages on a free port of this machine; what they show can be changed. */
export interface StatusWeb extends AsyncDisposable {
  /** Address of the status page, with its slash. */
  readonly url: string;
  show(snapshot: StatusSnapshot): void;
  /** How often the state was asked for. */
  readonly asked: number;
}

/** Serves the web pages of a snapshot on the loopback address. */
export function serveStatus(
  first: StatusSnapshot,
  { token, path = "/" }: { readonly token?: string; readonly path?: string } = {},
): StatusWeb {
  let snapshot = first;
  let asked = 0;
  const handler = createWebApp({
    state: () => {
      asked += 1;
      return snapshot;
    },
    metrics: {
      contentType: "text/plain; version=0.0.4; charset=utf-8",
      render: () => Promise.resolve("up 1\n"),
    },
    ready: () => ({ ready: true, reasons: [] }),
    path,
    log: silentLogger,
    ...(token === undefined ? {} : { token: new Secret(token) }),
  });
  const stop = new AbortController();
  const server: WebServer = serveWeb({
    host: "127.0.0.1",
    port: 0,
    handler,
    signal: stop.signal,
  });
  return {
    url: server.url,
    show: (next) => void (snapshot = next),
    get asked() {
      return asked;
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
