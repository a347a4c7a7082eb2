import { CloudError, type PluginContext } from "ckworker";
import { RelayedAgent } from "../client/agent.ts";
import { parsePrivateKey } from "../client/keys.ts";
import { type KnownHost, parseKnownHosts } from "../client/known_hosts.ts";
import type { Machine } from "../client/machine.ts";
import type { ParsedKey } from "../client/ssh2.d.ts";
import type { Way } from "../client/visit.ts";
import type { OnpremOptions } from "../options.ts";
import { keyPaths, knownHostsPaths } from "./places.ts";

/** What all logins of a run share. */
export interface Logins {
  /** One clause for people: keys and agent. */
  readonly description: string;
  readonly knownHosts: readonly KnownHost[];
  /** Ways to log in as a user, in the order in which they are tried. */
  ways(user: string): readonly Way[];
}

/** Keys that were found, with what to call them. */
interface FoundKey {
  readonly path: string;
  readonly key: ParsedKey;
}

/**
 * Reads keys and known hosts inside of the guest, and asks for an agent.
 * @throws CloudError when there is nothing to log in with, or a file that was named is of no use
 */
export async function readLogins(
  context: PluginContext<OnpremOptions>,
  machine: Machine,
): Promise<Logins> {
  const knownHosts = await readKnownHosts(context, machine);
  const keys = await readKeys(context, machine);
  const agent = await findAgent(context, machine);
  if (keys.length === 0 && agent === undefined) throw nothingToLogInWith(context, machine);
  const titles = [
    ...keys.map(({ path, key }) => `key ${path} (${key.type})`),
    ...(agent === undefined ? [] : [`agent with ${agent.count} keys`]),
  ];
  return {
    description: titles.join(", "),
    knownHosts,
    ways: (username) => [
      ...keys.map(({ path, key }): Way => ({
        title: `the key ${path}`,
        method: { type: "publickey", username, key },
      })),
      ...(agent === undefined ? [] : [{
        title: "a key of the agent",
        method: { type: "agent", username, agent: agent.agent } as const,
      }]),
    ],
  };
}

async function readKnownHosts(
  { options }: PluginContext<OnpremOptions>,
  machine: Machine,
): Promise<readonly KnownHost[]> {
  const entries: KnownHost[] = [];
  for (const path of knownHostsPaths(options, machine.env)) {
    const text = await readPresent(path, machine);
    if (text !== undefined) entries.push(...parseKnownHosts(text));
    else if (options.known_hosts.length > 0) {
      throw unusable(`the file of known hosts ${path} cannot be read`, "Name another");
    }
  }
  return entries;
}

async function readKeys(
  context: PluginContext<OnpremOptions>,
  machine: Machine,
): Promise<readonly FoundKey[]> {
  const { ssh_key, ssh_key_pass } = context.options;
  const found: FoundKey[] = [];
  for (const path of keyPaths(context.options, machine.env)) {
    const text = await readPresent(path, machine);
    const key = text === undefined ? "it cannot be read" : parsePrivateKey(text, ssh_key_pass);
    if (typeof key !== "string") found.push({ path, key });
    else if (ssh_key !== undefined) {
      throw unusable(
        `the key ${path} cannot be used: ${key}`,
        "Give another with --onprem-ssh-key",
      );
    } else if (text !== undefined) {
      context.log("warn", "onprem.key", `the key ${path} is left out: ${key}`);
    }
  }
  return found;
}

/** An agent is asked by the host, if the user allowed its socket. */
async function findAgent(context: PluginContext<OnpremOptions>, machine: Machine) {
  const path = machine.env("SSH_AUTH_SOCK");
  if (path === undefined) return undefined;
  const agent = new RelayedAgent(path, (request) => context.helper(path, [request]));
  try {
    const { length: count } = await agent.keys();
    return count === 0 ? undefined : { agent, count };
  } catch (error) {
    context.signal.throwIfAborted();
    const why = error instanceof Error ? error.message : String(error);
    context.log("warn", "onprem.agent", `the SSH agent is left out: ${why}`);
    return undefined;
  }
}

function nothingToLogInWith(
  { options }: PluginContext<OnpremOptions>,
  { env }: Machine,
): CloudError {
  const socket = env("SSH_AUTH_SOCK");
  const agent = socket === undefined ? "" : `, or let the agent be asked: --allow-helper ${socket}`;
  const tried = keyPaths(options, env).join(", ");
  return unusable(
    `there is no key to log in with${tried === "" ? "" : `: none of ${tried} can be used`}`,
    `Give one with --onprem-ssh-key${agent}`,
  );
}

function unusable(why: string, hint: string): CloudError {
  return new CloudError("no_credentials", `On-prem: ${why}`, {
    context: { plugin: "onprem" },
    hint,
  });
}

/** A file that is absent or must not be read is not there. */
async function readPresent(path: string, { readFile }: Machine): Promise<string | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    if (error instanceof Deno.errors.PermissionDenied) return undefined;
    if (error instanceof Deno.errors.IsADirectory) return undefined;
    throw error;
  }
}
