/** A signed request in the SDK's form. */
export interface SignedRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** An answer in the SDK's form, its body already whole. */
export interface Answer {
  readonly statusCode: number;
  readonly reason: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** `fetch`, or something like it in tests. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/**
 * The SDK's request handler over `fetch`: one connection pool for all clients of a guest. The
 * runtime itself honours `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY`. A body that stops before its
 * announced length makes `fetch` reject.
 */
export class FetchHandler {
  readonly metadata = { handlerProtocol: "http/1.1" };
  readonly #fetch: Fetch;

  constructor(fetcher: Fetch) {
    this.#fetch = fetcher;
  }

  /** Sends a request; the SDK calls it. */
  async handle(
    request: SignedRequest,
    options: { readonly abortSignal?: AbortSignal } = {},
  ): Promise<{ readonly response: Answer }> {
    const response = await this.#fetch(url(request), {
      method: request.method,
      headers: sendable(request.headers),
      body: sendableBody(request),
      redirect: "manual",
      ...(options.abortSignal === undefined ? {} : { signal: options.abortSignal }),
    });
    const body = new Uint8Array(await response.arrayBuffer());
    if (response.status === 200 && request.method !== "HEAD") refuseForeign(body);
    return {
      response: {
        statusCode: response.status,
        reason: response.statusText,
        headers: Object.fromEntries(response.headers),
        body,
      },
    };
  }

  /** The pool outlives the clients that use it. */
  destroy(): void {}

  /** Part of the SDK's interface: clients do not change a shared handler. */
  updateHttpClientConfig(): void {}

  /** Part of the SDK's interface. */
  httpHandlerConfigs(): Record<string, never> {
    return {};
  }
}

/** What answered speaks no language of AWS: a proxy's page, nothing at all, an error in disguise. */
export class ForeignAnswer extends Error {
  override readonly name = "ForeignAnswer";
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(status: number) {
    super("the answer is none of the service's");
    this.$metadata = { httpStatusCode: status };
  }
}

/**
 * The SDK takes an XML document of any kind, and an empty one, for an answer that lists nothing, so
 * that everything would look deleted. Answers of AWS end in `Response` or `Result`.
 * @throws ForeignAnswer
 */
function refuseForeign(body: Uint8Array): void {
  const start = new TextDecoder().decode(body.subarray(0, LONGEST_PROLOGUE)).trimStart();
  if (start === "") throw new ForeignAnswer(200);
  if (!start.startsWith("<")) return;
  const root = ROOT.exec(start)?.[1] ?? "";
  if (!/.(Response|Result)$/.test(root) || root === "ErrorResponse") throw new ForeignAnswer(200);
}

/** XML declaration and comments before the root. */
const LONGEST_PROLOGUE = 2_000;
const ROOT = /^(?:<\?[^>]*\?>\s*|<!--[^]*?-->\s*)*<([A-Za-z][\w.-]*)/;

function url({ protocol, hostname, port, path, query }: SignedRequest): string {
  const search = query === undefined ? "" : searchText(query);
  return `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}${path}${search}`;
}

function searchText(query: NonNullable<SignedRequest["query"]>): string {
  const parts: string[] = [];
  for (const key of Object.keys(query).sort()) {
    const value = query[key];
    const name = escape(key);
    if (value === null || value === undefined) parts.push(name);
    else if (typeof value === "string") parts.push(`${name}=${escape(value)}`);
    else for (const each of value) parts.push(`${name}=${escape(each)}`);
  }
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

/** The form that the signature was made over. */
function escape(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** `fetch` derives these two from address and body and refuses to be told. */
function sendable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const { host: _host, "content-length": _length, ...rest } = headers;
  return rest;
}

function sendableBody({ method, body }: SignedRequest): BodyInit | null {
  if (method === "GET" || method === "HEAD") return null;
  if (typeof body === "string") return body;
  return body instanceof Uint8Array ? new Uint8Array(body) : null;
}
