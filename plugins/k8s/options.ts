import { z } from "zod";
import collectors from "./catalog.json" with { type: "json" };

const list = () => z.array(z.string().min(1)).default([]);
const names = () => z.array(z.enum(collectors)).default([]);

/** Options of the plugin; keys become flags `--k8s-…`, variables and file keys. */
export const options = z.object({
  context: list().describe("Contexts of the kubeconfig to collect")
    .meta({ defaultText: "the current one" }),
  config: z.string().min(1).optional().describe("Path of the kubeconfig")
    .meta({ defaultText: "KUBECONFIG, else ~/.kube/config" }),
  cluster: list().describe("Names of clusters that are given by the next three options"),
  apiserver: z.array(z.url({ protocol: /^https?$/ })).default([])
    .describe("Addresses of their API servers, in the same order"),
  token: list().describe("Their bearer tokens, in the same order")
    .meta({ secret: true }),
  cacert: list().describe("Paths of their certificate authorities, in the same order"),
  collect: names().describe("Collect these only, beside nodes and namespaces")
    .meta({ placeholder: "NAME" }),
  no_collect: names().describe("Leave these out").meta({ placeholder: "NAME" }),
  pool_size: z.int().min(1).max(1_000).default(5).describe("Clusters at once"),
  fork: z.boolean().default(false).describe(
    "Spread the clusters over several guests, one per core",
  ),
}).superRefine((given, context) => {
  const { cluster, apiserver, token, cacert } = given;
  for (const [key, { length }] of Object.entries({ apiserver, token, cacert })) {
    if (length === cluster.length) continue;
    const message = `must have as many values as --k8s-cluster: ${cluster.length}, not ${length}`;
    context.addIssue({ code: "custom", path: [key], message });
  }
  const twice = cluster.find((name, index) => cluster.indexOf(name) !== index);
  if (twice === undefined) return;
  context.addIssue({ code: "custom", path: ["cluster"], message: `names ${twice} twice` });
});

/** Validated options. */
export type K8sOptions = z.output<typeof options>;
