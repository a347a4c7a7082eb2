/**
 * Files of a new collector plugin, by path in its folder. It collects one account with one thing,
 * needs no permission, and passes all checks as it is.
 * @param name snake_case
 */
export function pluginFiles(name: string): ReadonlyMap<string, string> {
  return new Map([
    ["manifest.ts", manifest(name)],
    ["model.json", model(name)],
    ["calls.json", "[]\n"],
    ["collector.ts", collector(name)],
    ["worker.ts", WORKER],
  ]);
}

/** Whether a plugin can have this name: it becomes a folder, a flag prefix and part of kinds. */
export function isPluginName(name: string): boolean {
  return /^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name);
}

function manifest(name: string): string {
  return `import { defineManifest } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin: data and pure functions, no collecting code. */
export const manifest = defineManifest({
  name: "${name}",
  type: "collector",
  description: "Collects ${name}",
  clouds: ["${name}"],
  options: z.object({
    account: z.string().default("main").describe("Account to collect"),
  }),
  // A missing key means denied: name the hosts, variables and files that the guest needs.
  permissions: () => ({}),
  onlyWhenNamed: true,
});
`;
}

function model(name: string): string {
  const kinds = [
    kind(`${name}_account`, "account", `An account of ${name}.`, []),
    kind(`${name}_thing`, "resource", `A thing of ${name}.`, [
      { name: `${name}_colour`, type: "string", description: "Its colour." },
    ]),
  ];
  return `${JSON.stringify({ kinds }, null, 2)}\n`;
}

function kind(name: string, base: string, description: string, properties: readonly unknown[]) {
  return { name, bases: [base], properties, description };
}

function collector(name: string): string {
  return `import type { CollectContext, Collector } from "ckworker";
import type { z } from "zod";
import type { manifest } from "./manifest.ts";

type Options = z.infer<typeof manifest.options>;

/** Collects one account: each listing is a scope that is opened, filled and closed. */
export const collector: Collector<Options> = {
  async collect(context: CollectContext<Options>): Promise<void> {
    const { account } = context.options;
    context.accounts({ complete: true, accounts: [{ id: account }], unfiltered: true });
    await collectAccount(context, account);
    await collectThings(context, account);
  },
};

async function collectAccount(context: CollectContext<Options>, account: string): Promise<void> {
  const scope = await context.open({ account, resource: "${name}_account" });
  await scope.node({ kind: "${name}_account", id: account, reported: { tags: {} } });
  await scope.close();
}

async function collectThings(context: CollectContext<Options>, account: string): Promise<void> {
  context.signal.throwIfAborted();
  const scope = await context.open({ account, resource: "${name}_thing" });
  await scope.node({
    kind: "${name}_thing",
    id: "thing-1",
    reported: { tags: {}, ${name}_colour: "green" },
  });
  await scope.close();
}
`;
}

const WORKER = `import { serveCollector } from "ckworker";
import { collector } from "./collector.ts";
import { manifest } from "./manifest.ts";

serveCollector(collector, manifest.options);
`;
