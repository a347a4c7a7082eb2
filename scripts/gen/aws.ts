import type { Mapping } from "../../plugins/aws/engine/mapping.ts";
import { OPTIONALS, type Resource } from "../../plugins/aws/resource.ts";
import { callOf, toCalls, toUses } from "./aws/calls.ts";
import { type DeclaredCall, declaredCalls, declaredNodes } from "./aws/declared.ts";
import { derive } from "./aws/derive.ts";
import { Sdk } from "./aws/sdk.ts";
import { declaredIn, listModule } from "./declarations.ts";
import { jsonText } from "./json_text.ts";
import { takenNames } from "./plugin_models.ts";

const FOLDER = "plugins/aws/resources";

/** Everything of the AWS plugin that follows from its declarations and the SDK's schemas. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const modules = await declaredIn(FOLDER, isResource);
  const resources = modules.map(({ resource }) => resource);
  const sdk = new Sdk();
  const calls = declaredCalls(resources);
  const registry = await takenNames([]);
  const { kinds, mapping, structures } = await derive(declaredNodes(resources), sdk, registry);
  const collectors = new Set([...OPTIONALS, ...resources.map((each) => each.collector)]);
  return new Map([
    [`${FOLDER}/mod.ts`, listModule(modules, "All listings of the plugin.")],
    ["plugins/aws/model.json", jsonText({ kinds })],
    ["plugins/aws/calls.json", jsonText(toCalls(calls))],
    [
      "plugins/aws/catalog.json",
      lines({
        collectors: [...collectors].sort(),
        home: toUses(calls.filter(({ home }) => home)),
        uses: toUses(calls),
      }),
    ],
    [
      "plugins/aws/mapping.json",
      lines({ kinds: mapping, structures, pages: await pagesOf(calls, sdk) }),
    ],
  ]);
}

function isResource(value: unknown): value is Resource {
  return typeof value === "object" && value !== null && "collector" in value && "list" in value;
}

async function pagesOf(calls: readonly DeclaredCall[], sdk: Sdk): Promise<Mapping["pages"]> {
  const pages = new Map<string, readonly [string, string]>();
  for (const call of calls) {
    const { paging } = await sdk.operation(call.service, call.operation.operation);
    if (paging !== undefined) pages.set(callOf(call), paging);
  }
  return Object.fromEntries([...pages].sort(([a], [b]) => a < b ? -1 : 1));
}

/** One line per entry of each part: compact, and a change shows where it is. */
function lines(parts: Readonly<Record<string, object>>): string {
  const texts = Object.entries(parts).map(([name, entries]) => {
    const [open, close] = Array.isArray(entries) ? "[]" : "{}";
    const rows = Array.isArray(entries)
      ? entries.map((value) => `    ${JSON.stringify(value)}`)
      : Object.entries(entries).map(([key, value]) =>
        `    ${JSON.stringify(key)}: ${JSON.stringify(value)}`
      );
    return `  ${JSON.stringify(name)}: ${open}\n${rows.join(",\n")}\n  ${close}`;
  });
  return `{\n${texts.join(",\n")}\n}\n`;
}
