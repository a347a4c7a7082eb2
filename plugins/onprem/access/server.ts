/** A host to log in to, as the list of servers tells it. */
export interface Server {
  /** As it was written. */
  readonly text: string;
  /** Name or address, IPv6 without brackets; id and name of the node. */
  readonly host: string;
  readonly port: number;
  /** Login name; absent: that of the options. */
  readonly user?: string;
  /** Absent: the default location and region. */
  readonly place?: Place;
}

/** Where a server stands, as far as its text tells. */
export interface Place {
  readonly location: string;
  /** Absent: below the location itself. */
  readonly region?: string;
  readonly network?: string;
}

/** What a server looks like, for messages. */
export const SYNTAX = "[LOCATION%[REGION%[NETWORK%]]][USER@]HOST[:PORT]";

const PORT = 22;
const LARGEST_PORT = 65_535;
const HOST = /^[A-Za-z0-9_]([A-Za-z0-9._-]*[A-Za-z0-9_])?$/;
/** Of an address without brackets that is longer than a name with a port. */
const IPV6 = /^[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*$/;
const USER = /^[^\s\p{Cc}:]+$/u;
const CONTROL = /\p{Cc}/u;

/**
 * Reads a server. Blanks around its parts do not count.
 * @returns what is wrong with it when it is none
 */
export function parseServer(text: string): Server | string {
  const parts = text.split("%").map((part) => part.trim());
  const address = parts.pop() ?? "";
  const place = parsePlace(parts);
  if (typeof place === "string") return place;
  const at = address.lastIndexOf("@");
  const user = at < 0 ? undefined : address.slice(0, at);
  if (user === "") return "has no user before @";
  if (user !== undefined && !USER.test(user)) return `has a user that is none: "${user}"`;
  const target = parseTarget(address.slice(at + 1));
  if (typeof target === "string") return target;
  return {
    text: text.trim(),
    ...target,
    ...(user === undefined ? {} : { user }),
    ...(place === undefined ? {} : { place }),
  };
}

/** `host` or `host:port` for people, and as a right names it. */
export function addressOf({ host, port }: Pick<Server, "host" | "port">): string {
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

function parsePlace(parts: readonly string[]): Place | undefined | string {
  if (parts.length > 3) return `has more than location, region and network before the host`;
  const names = ["location", "region", "network"];
  for (const [index, part] of parts.entries()) {
    if (part === "") return `has an empty ${names[index]}; leave out its % as well`;
    if (CONTROL.test(part)) return `has control characters in its ${names[index]}`;
  }
  const [location, region, network] = parts;
  if (location === undefined) return undefined;
  return {
    location,
    ...(region === undefined ? {} : { region }),
    ...(network === undefined ? {} : { network }),
  };
}

function parseTarget(text: string): Pick<Server, "host" | "port"> | string {
  const bracketed = /^\[([^\]]*)\](.*)$/.exec(text);
  if (bracketed !== null) {
    const [, host = "", rest = ""] = bracketed;
    if (!isIPv6(host)) return `has no IPv6 address in its brackets: "${host}"`;
    return withPort(host, rest);
  }
  if (isIPv6(text)) return `is an IPv6 address without brackets; write [${text}]`;
  const colon = text.indexOf(":");
  const host = colon < 0 ? text : text.slice(0, colon);
  if (host === "") return "has no host";
  if (!HOST.test(host)) return `has a host that is none: "${host}"`;
  return withPort(host, colon < 0 ? "" : text.slice(colon));
}

function isIPv6(text: string): boolean {
  return IPV6.test(text) && URL.canParse(`ssh://[${text}]`);
}

function withPort(host: string, rest: string): Pick<Server, "host" | "port"> | string {
  if (rest === "") return { host, port: PORT };
  const port = /^:\d{1,5}$/.test(rest) ? Number(rest.slice(1)) : NaN;
  if (!(port >= 1 && port <= LARGEST_PORT)) {
    return `has a port that is none: "${rest.replace(/^:/, "")}"; write 1 to ${LARGEST_PORT}`;
  }
  return { host, port };
}
