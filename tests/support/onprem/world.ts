import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
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
  const prepare = async (servers: readonly string[], more: RunMore) => {
    const options = plugin.manifest.options.parse({
      server: servers,
      ssh_user: LOGIN,
      known_hosts: [join(ssh, "known_hosts")],
      ...more.options,
    });
    const seen = { env: { HOME: folder, ...more.env }, files: {} };
    const patience = more.hurried === true ? { loginMs: 6_000, commandMs: 3_000 } : {};
    const base = await writeGuest(join(folder, "guest"), seen.env, patience);
    return { options, seen, base };
  };
  await Deno.writeTextFile(join(ssh, "known_hosts"), "");
  return {
    folder,
    key,
    know: (text) => Deno.writeTextFile(join(ssh, "known_hosts"), text),
    collect: async (servers, more = {}) => {
      const { options, seen, base } = await prepare(servers, more);
      return await collectChecked(collectRequest([plugin], path, {
        plugins: [{ entry: plugin, options, seen, named: true }],
        base,
        ...more.request,
      }));
    },
    doctor: async (servers, more = {}) => {
      const { options, seen, base } = await prepare(servers, more);
      const permissions = plugin.manifest.permissions(options, seen);
      return await askDoctor(exampleRequest({ entry: plugin, options, permissions, base }));
    },
    read: () => readStore(path, "onprem"),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/**
 * Writes a program whose guest of this plugin has variables of its own, since those of a process are
 * everybody's, and returns its main module.
 */
async function writeGuest(
  folder: string,
  env: Readonly<Record<string, string>>,
  patience: object,
): Promise<string> {
  const source = (path: string) =>
    JSON.stringify(new URL(`../../../${path}`, import.meta.url).href);
  const worker = join(folder, "plugins", "onprem", "worker.ts");
  await Deno.mkdir(dirname(worker), { recursive: true });
  await Deno.writeTextFile(
    worker,
    `import { serveCollector } from ${source("mod.ts")};
import { thisMachine } from ${source("plugins/onprem/client/machine.ts")};
import { createCollector } from ${source("plugins/onprem/collector.ts")};
import { manifest } from ${source("plugins/onprem/manifest.ts")};

const variables = new Map(${JSON.stringify(Object.entries(env))});
const env = (name) => variables.get(name);
const machine = { ...thisMachine, env, ...${JSON.stringify(patience)} };
serveCollector(createCollector(machine), manifest.options);
`,
  );
  return pathToFileURL(join(folder, "main.ts")).href;
}
