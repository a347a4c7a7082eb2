/** Answers one request. */
export type WebHandler = (request: Request) => Response | Promise<Response>;

/**
 * Serves an app at `/` and below a path as well. The path itself leads to the path with a slash,
 * for the links of the pages are relative.
 */
export function mount(path: string, app: WebHandler): WebHandler {
  const prefix = new URL(`/${path.replace(/^\/+/, "")}`, "http://localhost").pathname
    .replace(/\/+$/, "");
  if (prefix === "") return app;
  return (request) => {
    const url = new URL(request.url);
    if (url.pathname === prefix && READING.has(request.method)) return withSlash(url);
    if (!url.pathname.startsWith(`${prefix}/`)) return app(request);
    url.pathname = url.pathname.slice(prefix.length);
    return app(new Request(url, request));
  };
}

const READING: ReadonlySet<string> = new Set(["GET", "HEAD"]);

function withSlash({ pathname, search }: URL): Response {
  const last = pathname.slice(pathname.lastIndexOf("/") + 1);
  return new Response(null, { status: 308, headers: { location: `./${last}/${search}` } });
}
