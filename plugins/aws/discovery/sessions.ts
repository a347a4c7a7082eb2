import { CloudError, type PluginContext } from "ckworker";
import type { AccountEntry } from "./accounts.ts";
import { baseCredentials, type BaseSource } from "../client/base_credentials.ts";
import { Connection } from "../client/connection.ts";
import { assumeRole, roleArn } from "../client/role.ts";
import { Session } from "../client/session.ts";
import { Slots } from "../client/slots.ts";
import type { Machine, RunNetwork } from "./network.ts";
import type { AwsOptions } from "../options.ts";
import { type Partition, partition, partitionOf } from "./partitions.ts";
import { configPaths, parseProfiles, profileChain, profileName, type Profiles } from "./profile.ts";
import { startRegion } from "./start_region.ts";

/** Roles that are assumed at once. */
const ROLES_AT_ONCE = 16;

/** Where a run starts: the first region, its partition, and where credentials come from. */
export interface Start {
  readonly partition: Partition;
  /** First wanted region: STS is asked there. */
  readonly region: string;
  readonly source: BaseSource;
}

/** Finds out where to start, from options, variables and configuration files. */
export async function findStart(
  context: Pick<PluginContext<AwsOptions>, "options" | "helper">,
  machine: Machine,
  requestHandler: object,
): Promise<Start> {
  const { options } = context;
  const { env } = machine;
  const paths = configPaths(env);
  const [config, credentials] = await Promise.all([
    readOrEmpty(machine, paths.config),
    readOrEmpty(machine, paths.credentials),
  ]);
  const profiles = parseProfiles(config, credentials);
  const name = profileName(options.profile, env);
  const [profile] = profileChain(profiles, name);
  if (profile === undefined && (options.profile ?? env("AWS_PROFILE")) !== undefined) {
    throw noProfile(name, paths.config, profiles);
  }
  const region = startRegion(options, env, profile?.region);
  return {
    partition: partition(options.partition ?? partitionOf(region)),
    region,
    source: {
      accessKeyId: options.access_key_id,
      secretAccessKey: options.secret_access_key,
      profile: options.profile,
      profiles,
      env,
      region,
      requestHandler,
      endpoint: options.endpoint_url,
      helper: (path, args) => context.helper(path, args),
    },
  };
}

/** Makes the sessions of a run: the one at hand, and one per account with a role. */
export class Sessions implements Disposable {
  readonly #network: RunNetwork;
  /** Roles are assumed through one connection, however many accounts there are. */
  readonly #connections = new Map<Session, Connection>();
  /** Of their own: the calls that wait for new credentials may hold all the others. */
  readonly #slots = new Slots(ROLES_AT_ONCE);
  readonly #start: Start;
  readonly #options: AwsOptions;

  constructor(network: RunNetwork, start: Start, options: AwsOptions) {
    this.#network = network;
    this.#start = start;
    this.#options = options;
  }

  /** Credentials at hand, before their account is known. */
  base(account = ""): Session {
    return new Session(account, undefined, baseCredentials(this.#start.source), () => this.#now());
  }

  /** The session of an account: its role is assumed once and kept fresh. */
  of(entry: AccountEntry, base: Session): Session {
    const { id, role } = entry;
    return role === undefined ? base : this.assume(base, id, role);
  }

  /** Another role, assumed with the credentials of a session. */
  assume(base: Session, account: string, role: string): Session {
    const { external_id: externalId, role_session_name: name } = this.#options;
    const provider = assumeRole(this.#connection(base), {
      arn: roleArn(this.#start.partition.name, account, role),
      sessionName: name ?? `${account}-${crypto.randomUUID()}`.slice(0, 64),
      ...(externalId === undefined ? {} : { externalId }),
    });
    return new Session(account, role, provider, () => this.#now());
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections.values()) connection[Symbol.dispose]();
  }

  #connection(base: Session): Connection {
    const known = this.#connections.get(base) ??
      new Connection({ ...this.#network, slots: this.#slots }, base, this.#start.region);
    this.#connections.set(base, known);
    return known;
  }

  #now(): number {
    return this.#network.clock.now();
  }
}

function noProfile(name: string, config: string, profiles: Profiles): CloudError {
  const known = [...profiles.keys()].filter((each) => !each.startsWith("sso-session "));
  return new CloudError("no_credentials", `there is no AWS profile ${name} in ${config}`, {
    context: { plugin: "aws", subject: config },
    hint: known.length === 0
      ? "Make one with: aws configure --profile NAME"
      : `Give one of ${known.sort().join(", ")}.`,
  });
}

/** A file that is not there, or that the guest may not read, holds nothing. */
async function readOrEmpty(machine: Machine, path: string): Promise<string> {
  try {
    return await machine.readFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) return "";
    throw error;
  }
}
