import { join } from "node:path";
import type { CollectRequest, RunSummary } from "../../../lib/collect/mod.ts";
import { askDoctor } from "../../../lib/sandbox/mod.ts";
import type { DoctorReport } from "../../../lib/sdk/mod.ts";
import { collectChecked } from "../collect_checked.ts";
import { collectRequest } from "../collect_request.ts";
import { exampleRequest } from "../guest_request.ts";
import { pluginOf, readStore, type Stored } from "../saas/saas_store.ts";
import { type KeyPair, makeKey } from "./ssh_tools.ts";
import { LOGIN } from "./sshd.ts";

/** More of a run than its servers. */
export interface RunMore {
  readonly options?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly request?: Partial<CollectRequest>;
  /** A guest with less patience. */
  readonly hurried?: boolean;
}

/** A home with a key and known hosts, and a store that real guests collect into. */
export interface OnpremWorld extends AsyncDisposable {
  readonly folder: string;
  readonly key: KeyPair;
  /** Replaces the text of the file of known hosts. */
  know(text: string): Promise<void>;
  collect(servers: readonly string[], more?: RunMore): Promise<RunSummary>;
  doctor(servers: readonly string[], more?: RunMore): Promise<DoctorReport>;
  read(): Stored;
}

/** Makes it. The guests get the rights that the manifest asks for, and no others. */
export async function makeOnpremWorld(): Promise<OnpremWorld> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-onprem-" });
  const ssh = join(folder, ".ssh");
  await Deno.mkdir(ssh);
  const key = await makeKey(join(ssh, "id_ed25519"));
  const path = join(folder, "store.db");
  const plugin = pluginOf("onprem");
  const prepare = (servers: readonly string[], more: RunMore) => {
    const options = plugin.manifest.options.parse({
      server: servers,
      ssh_user: LOGIN,
      known_hosts: [join(ssh, "known_hosts")],
      ...more.options,
    });
    const base = more.hurried === true ? "../fast_onprem/main.ts" : "../../../main.ts";
    const seen = { env: { HOME: folder, ...more.env }, files: {} };
    return { options, seen, base: new URL(base, import.meta.url).href };
  };
  await Deno.writeTextFile(join(ssh, "known_hosts"), "");
  return {
    folder,
    key,
    know: (text) => Deno.writeTextFile(join(ssh, "known_hosts"), text),
    collect: async (servers, more = {}) => {
      const { options, seen, base } = prepare(servers, more);
      return await withVariables(seen.env, () =>
        collectChecked(collectRequest([plugin], path, {
          plugins: [{ entry: plugin, options, seen, named: true }],
          base,
          ...more.request,
        })));
    },
    doctor: async (servers, more = {}) => {
      const { options, seen, base } = prepare(servers, more);
      const permissions = plugin.manifest.permissions(options, seen);
      return await withVariables(
        seen.env,
        () => askDoctor(exampleRequest({ entry: plugin, options, permissions, base })),
      );
    },
    read: () => readStore(path, "onprem"),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Guests see the variables of this process; `SSH_AUTH_SOCK` is that of the test or none. */
async function withVariables<Result>(
  env: Readonly<Record<string, string>>,
  task: () => Promise<Result>,
): Promise<Result> {
  const names = ["HOME", "SSH_AUTH_SOCK"];
  const before = names.map((name) => [name, Deno.env.get(name)] as const);
  const set = (name: string, value: string | undefined) =>
    value === undefined ? Deno.env.delete(name) : Deno.env.set(name, value);
  for (const name of names) set(name, env[name]);
  try {
    return await task();
  } finally {
    for (const [name, value] of before) set(name, value);
  }
}
