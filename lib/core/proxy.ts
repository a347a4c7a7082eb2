import { BlockList, isIP } from "node:net";
import { ConfigError } from "../errors/mod.ts";
import { decodeLogin } from "./login.ts";

/** A proxy on the way to an address. */
export interface Proxy {
  readonly scheme: "http" | "https" | "socks5" | "socks5h";
  readonly hostname: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

type Env = Readonly<Record<string, string | undefined>>;

const PORTS = { http: 80, https: 443, socks5: 1080, socks5h: 1080 } as const;
const SCHEMES = ["http", "https", "socks5", "socks5h"] as const;

/**
 * The proxy that the environment names for `url`: `HTTPS_PROXY` for https and wss, `HTTP_PROXY` for
 * http and ws, else `ALL_PROXY`, in either case, unless `NO_PROXY` exempts the host. `NO_PROXY` is
 * read as Deno itself reads it (domains with all below them, addresses, networks, `*`), because what
 * goes without a proxy here is left to Deno.
 * @throws ConfigError that names the variable when its value is no proxy
 */
export function proxyFor(url: URL, env: Env): Proxy | undefined {
  const own = /^(https|wss):$/.test(url.protocol) ? "HTTPS_PROXY" : "HTTP_PROXY";
  const name = [own, own.toLowerCase(), "ALL_PROXY", "all_proxy"].find((one) => filled(env[one]));
  if (name === undefined || exempt(url.hostname, env.NO_PROXY ?? env.no_proxy ?? "")) {
    return undefined;
  }
  return parseProxy(env[name] ?? "", name);
}

function filled(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}

function parseProxy(text: string, variable: string): Proxy {
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  const scheme = SCHEMES.find((one) => `${one}:` === url?.protocol);
  if (url === null || scheme === undefined || url.hostname === "") {
    throw new ConfigError(`${variable} names no proxy that can be used`, {
      context: { subject: variable },
      hint: "give it as http://HOST:PORT, https://HOST:PORT or socks5://HOST:PORT",
    });
  }
  return {
    scheme,
    hostname: url.hostname,
    port: url.port === "" ? PORTS[scheme] : Number(url.port),
    user: decodeLogin(url.username),
    password: decodeLogin(url.password),
  };
}

function exempt(hostname: string, noProxy: string): boolean {
  const entries = noProxy.split(",").map((entry) => entry.trim()).filter((entry) => entry !== "");
  const address = hostname.replace(/^\[|\]$/g, "");
  return isIP(address) === 0
    ? entries.some((entry) => covers(entry, hostname))
    : networks(entries).check(address, family(address));
}

function covers(entry: string, hostname: string): boolean {
  const domain = entry.replace(/^\./, "");
  return entry === "*" || hostname === domain || hostname.endsWith(`.${domain}`);
}

function networks(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = "", prefix] = entry.split("/");
    const bits = isIP(address) === 4 ? 32 : 128;
    if (isIP(address) === 0 || (prefix !== undefined && !/^\d{1,3}$/.test(prefix))) continue;
    if (Number(prefix ?? bits) > bits) continue;
    list.addSubnet(address, Number(prefix ?? bits), family(address));
  }
  return list;
}

function family(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 4 ? "ipv4" : "ipv6";
}
