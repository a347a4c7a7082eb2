import type { OnpremOptions } from "../options.ts";

/** Looks a variable up. */
export type Env = (name: string) => string | undefined;

/** Variables that tell where keys are. */
export const VARIABLES = ["HOME", "SSH_AUTH_SOCK"] as const;

/** Kinds of keys whose usual files are tried, as OpenSSH does. */
const KEY_NAMES = ["id_ed25519", "id_ecdsa", "id_rsa"] as const;

const SYSTEM_KNOWN_HOSTS = ["/etc/ssh/ssh_known_hosts", "/etc/ssh/ssh_known_hosts2"] as const;

/** Paths of private keys: the given one alone, else the usual ones, which need not exist. */
export function keyPaths({ ssh_key }: Pick<OnpremOptions, "ssh_key">, env: Env): readonly string[] {
  if (ssh_key !== undefined) return [inHome(ssh_key, env)];
  return userFiles(KEY_NAMES, env);
}

/** Paths of files with the keys of hosts, which need not exist. */
export function knownHostsPaths(
  { known_hosts }: Pick<OnpremOptions, "known_hosts">,
  env: Env,
): readonly string[] {
  if (known_hosts.length > 0) return known_hosts.map((path) => inHome(path, env));
  return [...userFiles(["known_hosts", "known_hosts2"], env), ...SYSTEM_KNOWN_HOSTS];
}

function userFiles(names: readonly string[], env: Env): readonly string[] {
  const home = homeOf(env);
  return home === undefined ? [] : names.map((name) => `${home}/.ssh/${name}`);
}

/** A file of the configuration reaches no shell that would know what `~` is. */
function inHome(path: string, env: Env): string {
  const home = homeOf(env);
  return home !== undefined && path.startsWith("~/") ? `${home}${path.slice(1)}` : path;
}

function homeOf(env: Env): string | undefined {
  return env("HOME")?.replace(/\/+$/, "") || undefined;
}
