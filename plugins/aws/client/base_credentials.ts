import { CloudError } from "ckworker";
import { z } from "zod";
import {
  type Env,
  type Profile,
  profileChain,
  profileName,
  type Profiles,
} from "../discovery/profile.ts";
import type { Provider } from "./session.ts";

/** Metadata services of machines answer at once or not at all. */
const METADATA = { timeout: 1_000, maxRetries: 1 };

/** Where the credentials that a run starts from come from. */
export interface BaseSource {
  readonly accessKeyId: string | undefined;
  readonly secretAccessKey: string | undefined;
  readonly profile: string | undefined;
  readonly profiles: Profiles;
  readonly env: Env;
  readonly region: string;
  /** The SDK's request handler. */
  readonly requestHandler: object;
  /** For all services; variables are the SDK's own matter. */
  readonly endpoint: string | undefined;
  /** Runs an allowed program on the host and returns its output. */
  helper(path: string, args: readonly string[]): Promise<string>;
}

/**
 * Static keys, the program that the profile names, or the SDK's own chain: variables, profile, SSO,
 * web identity, container, machine.
 */
export function baseCredentials(source: BaseSource): Provider {
  const { accessKeyId, secretAccessKey } = source;
  if (accessKeyId !== undefined && secretAccessKey !== undefined) {
    return () => Promise.resolve({ accessKeyId, secretAccessKey });
  }
  const process = processOf(source);
  if (process !== undefined) return () => fromProcess(process, source);
  const behind = processBehindRole(source);
  if (behind !== undefined) return () => Promise.reject(behind);
  return fromChain(source);
}

type FromChain = typeof import("@aws-sdk/credential-providers").fromNodeProviderChain;

/** Loaded when needed, since most of it is rarely used. */
function fromChain({ profile, region, requestHandler, endpoint }: BaseSource): Provider {
  let chain: ReturnType<FromChain> | undefined;
  return async (refused) => {
    const { fromNodeProviderChain } = await import("@aws-sdk/credential-providers");
    if (refused) chain = undefined;
    chain ??= fromNodeProviderChain({
      ...METADATA,
      ...(profile === undefined ? {} : { profile }),
      clientConfig: {
        region,
        requestHandler,
        ...(endpoint === undefined ? {} : { endpoint }),
      },
    });
    return await chain();
  };
}

/** Name of the source for people. */
export function describeSource(source: BaseSource): string {
  if (source.accessKeyId !== undefined) return "static keys";
  if (source.env("AWS_PROFILE") === undefined && source.profile === undefined) {
    if (source.env("AWS_ACCESS_KEY_ID") !== undefined) return "keys in the environment";
    if (source.env("AWS_WEB_IDENTITY_TOKEN_FILE") !== undefined) return "web identity token";
    if (source.env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI") !== undefined) {
      return "container credentials";
    }
  }
  const name = profileName(source.profile, source.env);
  return source.profiles.has(name) ? `profile ${name}` : "machine metadata";
}

/** Command line of the program that the profile in use names. */
function processOf({ profile, profiles, env }: BaseSource): string | undefined {
  const named = profile ?? env("AWS_PROFILE");
  // Without a profile by name, variables come first.
  if (named === undefined && env("AWS_ACCESS_KEY_ID") !== undefined) return undefined;
  const [first]: readonly (Profile | undefined)[] = profileChain(
    profiles,
    profileName(profile, env),
  );
  if (first === undefined || first.aws_access_key_id !== undefined) return undefined;
  return first.role_arn === undefined ? first.credential_process : undefined;
}

/** The guest starts no program, so a role on top of one is assumed by the plugin's own options. */
function processBehindRole({ profile, profiles, env }: BaseSource): CloudError | undefined {
  const name = profileName(profile, env);
  const [first, ...sources] = profileChain(profiles, name);
  const last = sources.at(-1);
  const isUsed = profile !== undefined || env("AWS_PROFILE") !== undefined ||
    env("AWS_ACCESS_KEY_ID") === undefined;
  if (!isUsed || first?.role_arn === undefined || last?.aws_access_key_id !== undefined) {
    return undefined;
  }
  if (last?.credential_process === undefined) return undefined;
  const message = `profile ${name} assumes its role with the credentials of a program`;
  return new CloudError("no_credentials", message, {
    context: { plugin: "aws", subject: name },
    hint: "Name the profile of the program with --aws-profile, and the role with --aws-role and " +
      "--aws-account.",
  });
}

async function fromProcess(
  command: string,
  { helper }: BaseSource,
): ReturnType<Provider> {
  const [path = "", ...args] = splitCommand(command);
  const output = await helper(path, args);
  const parsed = processOutputSchema.safeParse(parseJson(output));
  if (!parsed.success) {
    throw new CloudError("no_credentials", `${path} did not print credentials`, {
      context: { plugin: "aws", subject: path },
      hint: "It must print JSON with Version 1, AccessKeyId and SecretAccessKey.",
    });
  }
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = parsed.data;
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    ...(SessionToken === undefined ? {} : { sessionToken: SessionToken }),
    ...(Expiration === undefined ? {} : { expiration: new Date(Expiration) }),
  };
}

const processOutputSchema = z.object({
  Version: z.literal(1),
  AccessKeyId: z.string().min(1),
  SecretAccessKey: z.string().min(1),
  SessionToken: z.string().optional(),
  Expiration: z.iso.datetime({ offset: true }).optional(),
});

/** Text that is no JSON is no credentials; what it says may be a secret, so it is not shown. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Words of a command line; double quotes keep blanks together. */
export function splitCommand(command: string): readonly string[] {
  return [...command.matchAll(/"((?:[^"\\]|\\.)*)"|\S+/g)].map(([word, quoted]) =>
    quoted === undefined ? word : quoted.replace(/\\(.)/g, "$1")
  );
}
