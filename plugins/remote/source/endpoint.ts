/** Where a graph is read from. */
export type Endpoint =
  & {
    /**
     * What it is called in scopes, logs and errors: host and path, or a path. User, password, query
     * and fragment, which may hold secrets, are no part of it.
     */
    readonly label: string;
  }
  & (
    | { readonly type: "file"; readonly path: string }
    | {
      readonly type: "http";
      /** With its query, without user and password. */
      readonly address: string;
      readonly authorization: string | undefined;
      /** What is sent can be read on its way. */
      readonly open: boolean;
    }
  );

const PROTOCOLS: ReadonlySet<string> = new Set(["https:", "http:", "file:"]);
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;
const CONTROL = /\p{Cc}/u;
const MAX_LENGTH = 1_000;

/** Why a text is no endpoint; undefined when it is one. The text itself may hold a secret. */
export function endpointProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return "must be https:// or file:// addresses";
  const { protocol, host, pathname } = new URL(text);
  if (!PROTOCOLS.has(protocol)) return "must be https:// or file:// addresses";
  if (protocol === "file:" && host !== "") {
    return "must name a file by its whole path: file:///srv/graph.ndjson";
  }
  const path = decoded(pathname);
  if (path === undefined || CONTROL.test(path)) return "has a path that is not readable";
  return path.length > MAX_LENGTH ? `has a path of more than ${MAX_LENGTH} characters` : undefined;
}

/**
 * Reads an address that {@link endpointProblem} has nothing against.
 * @param token sent as bearer token; stronger than user and password of the address
 */
export function readEndpoint(text: string, token?: string): Endpoint {
  const url = new URL(text);
  const path = decoded(url.pathname) ?? "";
  if (url.protocol === "file:") return { type: "file", label: path, path };
  const { username, password, host, hostname, protocol } = url;
  const user = `${decoded(username) ?? username}:${decoded(password) ?? password}`;
  url.username = "";
  url.password = "";
  url.hash = "";
  const bytes = new TextEncoder().encode(user);
  return {
    type: "http",
    label: `${host}${path}`,
    address: url.href,
    authorization: token !== undefined
      ? `Bearer ${token}`
      : user === ":"
      ? undefined
      : `Basic ${bytes.toBase64()}`,
    open: protocol === "http:" && !LOOPBACK.test(hostname),
  };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
