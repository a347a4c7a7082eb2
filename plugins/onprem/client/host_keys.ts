import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { addressOf, type Server } from "../access/server.ts";
import { type KnownHost, knownName } from "./known_hosts.ts";

/** Algorithms by type of key, the best first: what this runtime can verify. */
const ALGORITHMS: ReadonlyMap<string, readonly string[]> = new Map([
  ["ssh-ed25519", ["ssh-ed25519"]],
  ["ecdsa-sha2-nistp256", ["ecdsa-sha2-nistp256"]],
  ["ecdsa-sha2-nistp384", ["ecdsa-sha2-nistp384"]],
  ["ssh-rsa", ["rsa-sha2-512", "rsa-sha2-256"]],
]);

/** Why a host's key is not taken: a code, and one line that says what to do. */
export interface KeyFault {
  readonly code: "UnknownHostKey" | "ChangedHostKey" | "RevokedHostKey" | "UnsupportedHostKey";
  readonly message: string;
}

/** What is expected of one host's key. */
export interface Expectation {
  /** Algorithms to offer: those of the keys that are known; all where none is. */
  readonly algorithms: readonly string[];
  /** Why it cannot be asked at all. */
  readonly refused?: KeyFault;
  /** Judges the key that the host shows; undefined when it is known. */
  judge(key: Uint8Array): KeyFault | undefined;
}

/** What the files of known hosts say of a server. */
export function expectKeyOf(
  server: Pick<Server, "host" | "port">,
  entries: readonly KnownHost[],
): Expectation {
  const name = knownName(server.host, server.port);
  const about = entries.filter(({ matches }) => matches(name));
  const of = (mark: KnownHost["mark"]) => about.filter((entry) => entry.mark === mark);
  const revoked = new Set(of("revoked").map(({ key }) => key));
  const known = of("known").filter(({ key }) => !revoked.has(key));
  const usable = known.filter(({ type }) => ALGORITHMS.has(type));
  const types = new Set(usable.map(({ type }) => type));
  const address = addressOf(server);
  const refused = known.length > 0 && usable.length === 0
    ? unsupported(address, [...new Set(known.map(({ type }) => type))])
    : undefined;
  return {
    algorithms: [...ALGORITHMS].flatMap(([type, algorithms]) =>
      types.size === 0 || types.has(type) ? algorithms : []
    ),
    ...(refused === undefined ? {} : { refused }),
    judge(shown) {
      const key = Buffer.from(shown).toString("base64");
      if (revoked.has(key)) return revokedKey(address, shown);
      if (known.some((entry) => entry.key === key)) return undefined;
      if (known.length > 0) return changedKey(address, name, shown, known);
      return unknownKey(server, shown, of("authority").length > 0);
    },
  };
}

/** A key as people compare it: type and `SHA256:…`, like `ssh-keygen -l`. */
export function fingerprint(key: Uint8Array): string {
  const bytes = Buffer.from(key);
  const length = bytes.length < 4 ? 0 : bytes.readUInt32BE(0);
  // What a host shows that is not known may hold anything.
  const type = bytes.subarray(4, 4 + length).toString("latin1").replaceAll(/[^\w@.-]/g, "?");
  const hash = createHash("sha256").update(bytes).digest("base64").replace(/=+$/, "");
  return `${type.slice(0, 60)} SHA256:${hash}`;
}

function unknownKey(
  { host, port }: Pick<Server, "host" | "port">,
  key: Uint8Array,
  hasAuthority: boolean,
): KeyFault {
  const address = addressOf({ host, port });
  const scan = port === 22 ? host : `-p ${port} ${host}`;
  const authority = hasAuthority ? "; its @cert-authority line has no effect" : "";
  return {
    code: "UnknownHostKey",
    message: `the key of ${address} is not known: ${fingerprint(key)}${authority}. ` +
      `If the host itself shows the same (ssh-keygen -lf /etc/ssh/ssh_host_…_key.pub), ` +
      `add it: ssh-keyscan ${scan} >> ~/.ssh/known_hosts`,
  };
}

function changedKey(
  address: string,
  name: string,
  key: Uint8Array,
  known: readonly KnownHost[],
): KeyFault {
  const expected = known.map((entry) => fingerprint(Buffer.from(entry.key, "base64")));
  return {
    code: "ChangedHostKey",
    message: `THE KEY OF ${address} HAS CHANGED: it shows ${fingerprint(key)}, known is ` +
      `${expected.join(", ")}. Somebody may stand in between. Nothing was sent. Only if the host ` +
      `is known to have a new key, remove the old one: ssh-keygen -R '${name}'`,
  };
}

function revokedKey(address: string, key: Uint8Array): KeyFault {
  return {
    code: "RevokedHostKey",
    message: `THE KEY OF ${address} IS REVOKED: ${fingerprint(key)}. Nothing was sent. ` +
      `Give the host a new key`,
  };
}

function unsupported(address: string, types: readonly string[]): KeyFault {
  return {
    code: "UnsupportedHostKey",
    message: `the known keys of ${address} are of types that are not supported: ` +
      `${types.join(", ")}. Add one that is ${[...ALGORITHMS.keys()].join(", ")}`,
  };
}
