import { join } from "node:path";
import type { RunSummary } from "../../lib/collect/mod.ts";
import { builtInPlugin, type PluginEntry } from "../../lib/sdk/mod.ts";
import awsCalls from "../../plugins/aws/calls.json" with { type: "json" };
import { manifest } from "../../plugins/aws/manifest.ts";
import awsModel from "../../plugins/aws/model.json" with { type: "json" };
import { collectChecked } from "./collect_checked.ts";
import { collectRequest } from "./collect_request.ts";

/** The AWS plugin as the host sees it. */
export const AWS: PluginEntry = builtInPlugin(manifest, awsModel, awsCalls);

/** A store that the plugin collects into, from source; goes when disposed. */
export interface AwsStore extends AsyncDisposable {
  readonly path: string;
  /**
   * One run of a real guest with these options, on top of static keys and the endpoint. Its clock
   * goes a hundred times faster, and a request may take 3 s.
   */
  collect(options?: Readonly<Record<string, unknown>>): Promise<RunSummary>;
}

/** Makes an empty store for runs against one endpoint. */
export async function makeAwsStore(endpoint: string): Promise<AwsStore> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-aws-" });
  const path = join(folder, "store.db");
  return {
    path,
    collect: (options = {}) => {
      const all = AWS.manifest.options.parse({
        access_key_id: "testing",
        secret_access_key: "testing",
        endpoint_url: endpoint,
        ...options,
      });
      const request = collectRequest([AWS], path, {
        plugins: [{ entry: AWS, options: all, seen: { env: {}, files: {} }, named: true }],
        base: new URL("./fast_aws/main.ts", import.meta.url).href,
        now: () => new Date(),
      });
      return collectChecked(request);
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}

/** Faults of one account in a summary, as `outcome call code`. */
export function faultsOf({ accounts }: RunSummary, account: string): readonly string[] {
  return accounts.filter((each) => each.account === account).flatMap(({ faults }) =>
    faults.map(({ outcome, call, code }) => `${outcome} ${call} ${code}`)
  );
}
