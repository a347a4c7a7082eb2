import { ConfigError } from "../errors/mod.ts";
import { basicLogin, decodeLogin } from "./login.ts";

/** What was given as the address of a core. */
export interface AddressOptions {
  /** `https://core.example.com:8900/prefix`; without a scheme it has to be found out. */
  readonly uri: string;
  /** Where websockets are, when that cannot be derived from `uri`. */
  readonly wsUri?: string;
}

/** Where a core is, and how each of its paths is addressed. User and password are taken off. */
export interface CoreAddress {
  /** Without user, password and trailing slash. */
  readonly uri: string;
  /** False when the scheme was not given: `uri` says https then. */
  readonly schemeGiven: boolean;
  /** `Basic …` from the user and password of the address. */
  readonly basic: string | undefined;
  http(path: string): URL;
  webSocket(path: string): URL;
  /** The same place without TLS. */
  plain(): CoreAddress;
}

const SCHEME = /^[a-z][a-z0-9+.-]*:\/\//i;
/** The task queue of the first generation lies at the root, whatever prefix the rest has. */
const AT_ROOT = /^\/work\/queue(?=$|[?/])/;

/**
 * Reads the address of a core.
 * @throws ConfigError that never repeats the address, which may hold a password
 */
export function parseAddress(options: AddressOptions): CoreAddress {
  const schemeGiven = SCHEME.test(options.uri);
  const url = parse(schemeGiven ? options.uri : `https://${options.uri}`, "address", /^https?:$/);
  const wsUri = options.wsUri === undefined
    ? undefined
    : parse(options.wsUri, "websocket address", /^(ws|http)s?:$/);
  return address(url, wsUri, schemeGiven);
}

function address(url: URL, wsUri: URL | undefined, schemeGiven: boolean): CoreAddress {
  const uri = bare(url);
  return {
    uri,
    schemeGiven,
    basic: basicOf(url) ?? (wsUri === undefined ? undefined : basicOf(wsUri)),
    http: (path) => new URL(`${uri}${path}`),
    webSocket: (path) => asWebSocket(new URL(`${socketBase(uri, wsUri, path)}${path}`)),
    plain: () => {
      const plain = new URL(url);
      plain.protocol = "http:";
      return address(plain, wsUri, true);
    },
  };
}

function socketBase(uri: string, wsUri: URL | undefined, path: string): string {
  if (wsUri === undefined) return uri;
  return AT_ROOT.test(path) ? `${wsUri.protocol}//${wsUri.host}` : bare(wsUri);
}

function asWebSocket(url: URL): URL {
  if (url.protocol.startsWith("http")) url.protocol = url.protocol === "http:" ? "ws:" : "wss:";
  return url;
}

function bare(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`.replace(/\/+$/, "");
}

function basicOf({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return undefined;
  return basicLogin(decodeLogin(username), decodeLogin(password));
}

function parse(text: string, what: string, schemes: RegExp): URL {
  const url = URL.parse(text);
  if (url !== null && schemes.test(url.protocol) && url.hostname !== "") return url;
  const hint = "give it as https://HOST:PORT or http://HOST:PORT";
  throw new ConfigError(`the ${what} of the core is not one that can be called`, { hint });
}
