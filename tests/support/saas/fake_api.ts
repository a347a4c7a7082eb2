/** What a rule makes of a request. */
export type FakeEffect =
  | {
    readonly type: "answer";
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly body?: string;
  }
  /** Half of the good answer, with the length of the whole. */
  | { readonly type: "truncate" }
  /** No answer until the caller gives up. */
  | { readonly type: "hang" }
  /** The good answer, changed. */
  | { readonly type: "change"; readonly change: (value: unknown) => unknown }
  /** The same for an answer that is no JSON. */
  | { readonly type: "rewrite"; readonly rewrite: (text: string) => string };

/** A fault for the requests whose address it matches. */
export interface FakeRule {
  /** Of path and query, or of what the API tells requests by. */
  readonly path: RegExp;
  /** How many requests it meets; all by default. */
  readonly first?: number;
  readonly effect: FakeEffect;
}

/** A simulated API on loopback. */
export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** Paths with query of the requests so far, or what tells them, in their order. */
  readonly requests: readonly string[];
  /** Replaces all rules; the first that matches counts. */
  setRules(rules: readonly FakeRule[]): void;
}

/** What is special about an API. */
export interface FakeApiOptions {
  /** Certificate and key (PEM); without them it speaks plain HTTP. */
  readonly tls?: { readonly cert: string; readonly key: string };
  /** What rules match and what is noted of a request, where its address is always the same. */
  readonly label?: (request: Request) => Promise<string>;
}

/** Serves an API; a handler gets what no rule takes. */
export function startFakeApi(
  handle: (request: Request) => Response | Promise<Response>,
  { tls, label = addressOf }: FakeApiOptions = {},
): FakeApi {
  let rules: { rule: FakeRule; left: number }[] = [];
  const requests: string[] = [];
  const stopped = new AbortController();
  const closed = new AbortController();
  const { signal } = closed;
  const where = { port: 0, hostname: "127.0.0.1", onListen() {}, signal, ...tls };
  const server = Deno.serve(where, async (request) => {
    const name = await label(request);
    requests.push(name);
    const met = rules.find(({ rule, left }) => left > 0 && rule.path.test(name));
    if (met === undefined) return await handle(request);
    met.left--;
    return await affect(met.rule.effect, request, handle, stopped.signal);
  });
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${server.addr.port}`,
    port: server.addr.port,
    requests,
    setRules: (next) => {
      rules = next.map((rule) => ({ rule, left: rule.first ?? Infinity }));
    },
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      // A shutdown waits for good where a caller went away in the middle of a call.
      closed.abort();
      await server.finished;
    },
  };
}

function addressOf({ url }: Request): Promise<string> {
  const { pathname, search } = new URL(url);
  return Promise.resolve(pathname + search);
}

async function affect(
  effect: FakeEffect,
  request: Request,
  handle: (request: Request) => Response | Promise<Response>,
  stopped: AbortSignal,
): Promise<Response> {
  switch (effect.type) {
    case "answer":
      return new Response(effect.body ?? "{}", {
        status: effect.status,
        headers: { "content-type": "application/json", ...effect.headers },
      });
    case "hang":
      await new Promise<void>((resolve) => {
        const end = () => resolve();
        request.signal.addEventListener("abort", end, { once: true });
        stopped.addEventListener("abort", end, { once: true });
      });
      return new Response("late");
    case "truncate": {
      const answer = await handle(request);
      const text = await answer.text();
      return new Response(text.slice(0, text.length / 2), answer);
    }
    case "change": {
      const answer = await handle(request);
      return Response.json(effect.change(await answer.json()), { headers: answer.headers });
    }
    case "rewrite": {
      const answer = await handle(request);
      return new Response(effect.rewrite(await answer.text()), answer);
    }
  }
}
