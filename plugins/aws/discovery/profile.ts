/** Variables by name; undefined for one that is not set. */
export type Env = (name: string) => string | undefined;

/** Variables as all AWS tools read them: an empty one counts as not set. */
export function filled(env: Env): Env {
  return (name) => env(name) || undefined;
}

/** Settings of one profile by key. */
export type Profile = Readonly<Record<string, string>>;

/** Profiles by name; SSO sessions under `sso-session NAME`. */
export type Profiles = ReadonlyMap<string, Profile>;

const SECTION = /^\[\s*(?:profile\s+)?([^\]]+?)\s*\]/;
const SETTING = /^([A-Za-z0-9_.-]+)\s*=\s*(.*?)\s*$/;

/**
 * Home folder of a user who has none. The working folder would do for the SDK, but then whoever can
 * write to it could put a profile there.
 */
export const NO_HOME = "/nonexistent";

/** Home folder by the variables that the SDK goes by. */
export function homeFolder(env: Env): string {
  return env("HOME") ?? env("USERPROFILE") ?? NO_HOME;
}

/** Paths of the two configuration files of AWS tools. */
export function configPaths(env: Env): { readonly config: string; readonly credentials: string } {
  const home = homeFolder(env);
  return {
    config: env("AWS_CONFIG_FILE") ?? `${home}/.aws/config`,
    credentials: env("AWS_SHARED_CREDENTIALS_FILE") ?? `${home}/.aws/credentials`,
  };
}

/** Reads the files; of a setting in both, the credentials file's counts. */
export function parseProfiles(config: string, credentials: string): Profiles {
  const profiles = new Map<string, Record<string, string>>();
  for (const text of [config, credentials]) readInto(profiles, text);
  return profiles;
}

/** Name of the profile to start from. */
export function profileName(profile: string | undefined, env: Env): string {
  return profile ?? env("AWS_PROFILE") ?? "default";
}

/** A profile and those that it takes its credentials from, nearest first; ends at a cycle. */
export function profileChain(profiles: Profiles, name: string): readonly Profile[] {
  const chain = new Map<string, Profile>();
  let next: string | undefined = name;
  while (next !== undefined && !chain.has(next)) {
    const profile = profiles.get(next);
    if (profile === undefined) break;
    chain.set(next, profile);
    next = profile.source_profile;
  }
  return [...chain.values()];
}

function readInto(profiles: Map<string, Record<string, string>>, text: string): void {
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const section = SECTION.exec(line)?.[1];
    if (section !== undefined) {
      const name = section.replace(/\s+/g, " ");
      current = profiles.get(name) ?? {};
      profiles.set(name, current);
      continue;
    }
    // Indented settings belong to a nested group, which nothing here needs.
    const [, key, value] = SETTING.exec(line) ?? [];
    if (current !== undefined && key !== undefined && value !== undefined) {
      current[key.toLowerCase()] = value.replace(/\s+[#;].*$/, "");
    }
  }
}
