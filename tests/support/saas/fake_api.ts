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
  | { readonly type: "change"; readonly change: (value: unknown) => unknown };

/** A fault for the requests whose address it matches. */
export interface FakeRule {
  /** Of path and query. */
  readonly path: RegExp;
  /** How many requests it meets; all by default. */
  readonly first?: number;
  readonly effect: FakeEffect;
}

/** A simulated API on loopback. */
export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  /** Paths with query of the requests so far, in their order. */
  readonly requests: readonly string[];
  /** Replaces all rules; the first that matches counts. */
  setRules(rules: readonly FakeRule[]): void;
}

/** Serves an API; a handler gets what no rule takes. */
export function startFakeApi(
  handle: (request: Request) => Response | Promise<Response>,
): FakeApi {
  let rules: { rule: FakeRule; left: number }[] = [];
  const requests: string[] = [];
  const stopped = new AbortController();
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    requests.push(`${pathname}${search}`);
    const met = rules.find(({ rule, left }) => left > 0 && rule.path.test(pathname + search));
    if (met === undefined) return await handle(request);
    met.left--;
    return await affect(met.rule.effect, request, handle, stopped.signal);
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}`,
    requests,
    setRules: (next) => {
      rules = next.map((rule) => ({ rule, left: rule.first ?? Infinity }));
    },
    [Symbol.asyncDispose]: async () => {
      stopped.abort();
      await server.shutdown();
    },
  };
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
  }
}
