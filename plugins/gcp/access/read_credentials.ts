import { CloudError, type PluginContext, RestCaller } from "ckworker";
import type { Call, Pool } from "ckworker";
import type { GcpOptions } from "../options.ts";
import { TokenAuthority } from "./authority.ts";
import { type Credential, readCredential } from "./credential.ts";
import type { GcpMachine } from "./machine.ts";
import { defaultFiles, metadataAddress, type Place, placesOf } from "./places.ts";
import { judgeSubject, judgeToken } from "./token_judge.ts";

/** A token is given up after so long, milliseconds. */
const THROTTLE_MS = 5 * 60_000;

/** Requests for tokens in flight. */
const CONCURRENCY = 4;

/** The metadata server of a machine answers within this time or is not there, milliseconds. */
const NEAR_MS = 1_000;

/** What credentials are read with. */
export interface AccessParts {
  readonly context: PluginContext<GcpOptions>;
  readonly machine: GcpMachine;
  readonly pool: Pool;
  readonly calls: readonly Call[];
}

/**
 * The identities that the options give, in their order.
 * @throws CloudError for a file that is missing or cannot be used
 */
export async function readAuthorities(parts: AccessParts): Promise<readonly TokenAuthority[]> {
  const { context, machine, pool, calls } = parts;
  const made = { plugin: "gcp", calls, machine, pool, throttleMs: THROTTLE_MS, context };
  const tokens = {
    caller: new RestCaller({ ...made, judge: judgeToken, concurrency: CONCURRENCY }),
    subjectCaller: new RestCaller({ ...made, judge: judgeSubject, concurrency: CONCURRENCY }),
    reaches: (url: string) => reaches(url, pool),
    readFile: (path: string) => machine.readFile(path),
    helper: (path: string, args: readonly string[]) => context.helper(path, args),
  };
  const { impersonate } = context.options;
  const credentials = await Promise.all(
    placesOf(context.options).map((place) => credentialAt(place, machine)),
  );
  return credentials.map((credential) => new TokenAuthority(credential, impersonate, tokens));
}

async function reaches(url: string, pool: Pool): Promise<boolean> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), NEAR_MS);
  try {
    await (await pool.fetch(url, { signal: late.signal, redirect: "manual" })).text();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return false;
  } finally {
    clearTimeout(timer);
  }
}

async function credentialAt(place: Place, machine: GcpMachine): Promise<Credential> {
  if (place.type === "text") return usable(place.text, "the given service account");
  if (place.type === "file") {
    const text = await readFile(place.path, machine);
    if (text === undefined) throw missing(place.path);
    return usable(text, place.path);
  }
  for (const path of defaultFiles(machine.env)) {
    const text = await readFile(path, machine);
    if (text !== undefined) return usable(text, path);
    if (machine.env("GOOGLE_APPLICATION_CREDENTIALS") === path) throw missing(path);
  }
  return { type: "metadata", address: metadataAddress(machine.env) };
}

async function readFile(path: string, machine: GcpMachine): Promise<string | undefined> {
  try {
    return await machine.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw new CloudError("no_credentials", `the credentials in ${path} cannot be read`, {
      context: { plugin: "gcp", subject: path },
      cause: error,
    });
  }
}

function usable(text: string, where: string): Credential {
  const { credential, problem } = readCredential(text);
  if (credential !== undefined) return credential;
  throw new CloudError("no_credentials", `${where} cannot be used: ${problem}`, {
    context: { plugin: "gcp", subject: where },
    hint:
      "It must be the JSON of a service account, a user, an external account or an impersonation.",
  });
}

function missing(path: string): CloudError {
  return new CloudError("no_credentials", `there is no credential file ${path}`, {
    context: { plugin: "gcp", subject: path },
    hint: "Name it with --gcp-service-account or GOOGLE_APPLICATION_CREDENTIALS.",
  });
}
