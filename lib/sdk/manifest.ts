import type { z } from "zod";
import type { Call } from "../model/mod.ts";

/** Environment and files that a manifest asked to see, read by the host before the guest starts. */
export interface Seen {
  readonly env: Readonly<Record<string, string>>;
  /** Text by path; a file that does not exist is absent. */
  readonly files: Readonly<Record<string, string>>;
}

/**
 * What a guest may do; a missing key means denied.
 * Forms of the entries are those of Deno's permission flags.
 */
export interface Permissions {
  /** `host`, `host:port`, `*.host:port`. */
  readonly net?: readonly string[];
  /** Variable names; a trailing `*` matches a prefix. */
  readonly env?: readonly string[];
  /** Paths. */
  readonly read?: readonly string[];
  /** Kinds of system information, `osRelease`. */
  readonly sys?: readonly string[];
}

/** Found configuration of a collector, by a local check without network. */
export interface Configured {
  readonly configured: boolean;
  /** One clause: what was found, or what is missing and how to give it. */
  readonly reason: string;
}

/**
 * What the host knows of a plugin without loading it: data, importable without any cloud library.
 */
export interface Manifest<Options extends z.ZodObject = z.ZodObject> {
  /** Folder and flag prefix, `aws`. */
  readonly name: string;
  readonly type: "collector";
  /** One sentence for `ckworker plugins`. */
  readonly description: string;
  /** Cloud names whose nodes it may yield; the first is the name for `--collector`. */
  readonly clouds: readonly string[];
  /**
   * Options. A key `role_override` is the flag `--<name>-role-override`, the variable
   * `CKWORKER_<NAME>_ROLE_OVERRIDE` and the same key in a file. Booleans, integers, strings, enums
   * and arrays of strings; `describe()` is the help text. An option whose meta is
   * `{ secret: true }` gets a `-file` form and is never printed.
   */
  readonly options: Options;
  /** What the host may read to evaluate `permissions` and `configured`. */
  readonly sees?: (options: z.infer<Options>, env: (name: string) => string | undefined) => {
    readonly env: readonly string[];
    readonly files: readonly string[];
  };
  readonly permissions: (options: z.infer<Options>, seen: Seen) => Permissions;
  /**
   * The calls, of all declared ones, that a run with these options may make; absent means all.
   * `ckworker permissions` prints the permissions of exactly these.
   */
  readonly enabledCalls?: (
    options: z.infer<Options>,
    calls: readonly Call[],
  ) => readonly Call[];
  /**
   * Clouds of other plugins whose nodes it yields with these options, instead of those of `clouds`,
   * of which there are none. The host lends it their kinds, each for its own cloud alone, and refuses a run in which another
   * collector yields such a cloud, too. Absent: none; a plugin of a file never has any.
   */
  readonly borrows?: (options: z.infer<Options>) => readonly string[];
  /** Collects only when named with `--collector` (demo plugins). */
  readonly onlyWhenNamed?: boolean;
  /** Whether there is configuration to collect with; absent means always. */
  readonly configured?: (options: z.infer<Options>, seen: Seen) => Configured;
  /**
   * Several guests for one plugin: how many, given the options and the number of cores. Accounts
   * are spread over them by {@link CollectContext.shard}. Absent means one.
   */
  readonly guests?: (options: z.infer<Options>, cores: number) => number;
}

/** Checks a manifest's form at compile time and returns it. */
export function defineManifest<Options extends z.ZodObject>(
  manifest: Manifest<Options>,
): Manifest<Options> {
  return manifest;
}
