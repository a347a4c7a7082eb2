import { Buffer } from "node:buffer";
import { createHmac } from "node:crypto";

/** One line of a file of known hosts. */
export interface KnownHost {
  /** What its key is: good, never good any more, or an authority that signs keys of hosts. */
  readonly mark: "known" | "revoked" | "authority";
  /** Type of the key, `ssh-ed25519`. */
  readonly type: string;
  /** The key, base64. */
  readonly key: string;
  /** Whether it is about a host, by the name under which that is looked up. */
  readonly matches: (name: string) => boolean;
}

const MARKS: Readonly<Record<string, KnownHost["mark"]>> = {
  "@revoked": "revoked",
  "@cert-authority": "authority",
};

/** Reads a file of known hosts as OpenSSH does: a line that it does not understand is none. */
export function parseKnownHosts(text: string): readonly KnownHost[] {
  return text.split("\n").flatMap((line) => parseLine(line) ?? []);
}

/** The name under which a host's keys are known: with its port where that is not the usual one. */
export function knownName(host: string, port: number): string {
  const name = host.toLowerCase();
  return port === 22 ? name : `[${name}]:${port}`;
}

function parseLine(line: string): KnownHost | undefined {
  const fields = line.trim().split(/\s+/);
  const mark = MARKS[fields[0] ?? ""];
  const [hosts = "", type = "", key = ""] = mark === undefined ? fields : fields.slice(1);
  if (hosts === "" || /^[#@]/.test(hosts) || typeOf(key) !== type) return undefined;
  return { mark: mark ?? "known", type, key, matches: matcher(hosts) };
}

/** The type that a key (base64) itself names. */
function typeOf(key: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+=*$/.test(key)) return undefined;
  const bytes = new Uint8Array(Buffer.from(key, "base64"));
  if (bytes.length < 4) return undefined;
  const length = new DataView(bytes.buffer).getUint32(0);
  return new TextDecoder().decode(bytes.subarray(4, 4 + length));
}

function matcher(hosts: string): (name: string) => boolean {
  if (hosts.startsWith("|")) return hashed(hosts);
  const patterns = hosts.split(",").filter((each) => each !== "").map(toPattern);
  return (name) =>
    patterns.some(({ negated, test }) => !negated && test(name)) &&
    !patterns.some(({ negated, test }) => negated && test(name));
}

/** `|1|salt|hash`: who reads the file does not learn the names. */
function hashed(hosts: string): (name: string) => boolean {
  const [, magic, salt = "", hash] = hosts.split("|");
  if (magic !== "1") return () => false;
  const key = Buffer.from(salt, "base64");
  return (name) => createHmac("sha1", key).update(name).digest("base64") === hash;
}

function toPattern(text: string) {
  const negated = text.startsWith("!");
  const glob = (negated ? text.slice(1) : text).toLowerCase();
  return { negated, test: (name: string) => matchesGlob(glob, name) };
}

/** `*` is any text, `?` any character. Takes no more than the product of both lengths. */
function matchesGlob(glob: string, name: string): boolean {
  let [at, position, star, retry] = [0, 0, -1, 0];
  while (position < name.length) {
    if (glob[at] === "*") [star, retry] = [at++, position];
    else if (glob[at] === "?" || glob[at] === name[position]) {
      [at, position] = [at + 1, position + 1];
    } else if (star >= 0) [at, position] = [star + 1, ++retry];
    else return false;
  }
  return /^\**$/.test(glob.slice(at));
}
