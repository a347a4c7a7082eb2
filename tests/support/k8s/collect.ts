import { DatabaseSync } from "node:sqlite";
import { join } from "node:path";
import type { CollectRequest, RunSummary } from "../../../lib/collect/mod.ts";
import { builtInPlugin, type PluginEntry } from "../../../lib/sdk/mod.ts";
import calls from "../../../plugins/k8s/calls.json" with { type: "json" };
import { manifest } from "../../../plugins/k8s/manifest.ts";
import model from "../../../plugins/k8s/model.json" with { type: "json" };
import { collectChecked } from "../collect_checked.ts";
import { collectRequest } from "../collect_request.ts";

/** The k8s plugin as the host sees it. */
export const K8S: PluginEntry = builtInPlugin(manifest, model, calls);

/** A context of a kubeconfig. */
export interface TestContext {
  readonly name: string;
  readonly server: string;
  readonly cluster?: Readonly<Record<string, unknown>>;
  readonly user?: Readonly<Record<string, unknown>>;
  readonly namespace?: string;
}

/** Text of a kubeconfig with these contexts, the first of which is the current one. */
export function kubeconfig(contexts: readonly TestContext[]): string {
  return JSON.stringify({
    "current-context": contexts[0]?.name,
    clusters: contexts.map(({ name, server, cluster }) => ({
      name,
      cluster: { server, ...cluster },
    })),
    users: contexts.map(({ name, user }) => ({ name, user: user ?? { token: "token" } })),
    contexts: contexts.map(({ name, namespace }) => ({
      name,
      context: { cluster: name, user: name, ...(namespace === undefined ? {} : { namespace }) },
    })),
  });
}

/** A store that real guests collect into. */
export interface K8sStore extends AsyncDisposable {
  readonly folder: string;
  collect(
    contexts: readonly TestContext[],
    more?: { readonly options?: object; readonly request?: Partial<CollectRequest> },
  ): Promise<RunSummary>;
  rows(sql: string): Record<string, unknown>[];
}

/** Makes an empty store. The guest gets the rights that its manifest asks for, and no others. */
export async function makeK8sStore(): Promise<K8sStore> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-k8s-" });
  const path = join(folder, "store.db");
  const config = join(folder, "kubeconfig");
  return {
    folder,
    async collect(contexts, { options = {}, request = {} } = {}) {
      const text = kubeconfig(contexts);
      await Deno.writeTextFile(config, text);
      const all = K8S.manifest.options.parse({
        config,
        context: contexts.map(({ name }) => name),
        ...options,
      });
      const seen = { env: {}, files: { [config]: text } };
      return await collectChecked(collectRequest([K8S], path, {
        plugins: [{ entry: K8S, options: all, seen, named: true }],
        base: new URL("../fast_k8s/main.ts", import.meta.url).href,
        now: () => new Date(),
        ...request,
      }));
    },
    rows(sql) {
      using db = new DatabaseSync(path, { readOnly: true });
      return db.prepare(sql).all();
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Outcomes of a run's scopes with their faults, as `outcome call code`, and permission. */
export function faultsOf({ accounts }: RunSummary, account: string): readonly string[] {
  return accounts.filter((each) => each.account === account).flatMap(({ faults }) =>
    faults.map(({ outcome, call, code, permission }) =>
      [outcome, call, code, ...(permission === undefined ? [] : [`needs ${permission}`])].join(" ")
    )
  );
}
