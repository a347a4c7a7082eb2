import { existsSync } from "node:fs";

/** Where OpenSSH's server may be: outside of the search path of usual users. */
const SERVERS = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/sbin/sshd"];

/**
 * Path of OpenSSH's server.
 * @throws Error that says how to get it
 */
export function sshdPath(): string {
  const found = SERVERS.find((path) => existsSync(path));
  if (found === undefined) throw new Error("no OpenSSH server: run scripts/setup --tests");
  return found;
}

/** Runs a program of OpenSSH to its end and returns what it printed. */
export async function runTool(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const command = new Deno.Command(program, { args: [...args], env, stdin: "null" });
  const { success, stdout, stderr } = await command.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  if (!success) throw new Error(`${program} ${args.join(" ")}: ${text(stderr)}${text(stdout)}`);
  return text(stdout);
}

/** How a key is made. */
export interface KeyKind {
  readonly type?: "ed25519" | "ecdsa" | "rsa";
  readonly bits?: number;
  readonly passphrase?: string;
  /** Form of the file; by default OpenSSH's own. */
  readonly format?: "PEM" | "PKCS8";
}

/** A pair of keys: the private one's path, and the public one as a line. */
export interface KeyPair {
  readonly path: string;
  readonly line: string;
}

/** Makes a pair of keys. */
export async function makeKey(path: string, kind: KeyKind = {}): Promise<KeyPair> {
  const { type = "ed25519", bits, passphrase = "", format } = kind;
  const args = ["-q", "-t", type, "-N", passphrase, "-C", "of-tests", "-f", path];
  if (bits !== undefined) args.push("-b", String(bits));
  if (format !== undefined) args.push("-m", format);
  await runTool("ssh-keygen", args);
  return { path, line: (await Deno.readTextFile(`${path}.pub`)).trim() };
}
