import { BASE_KINDS, type Kind, KindIndex, type Model } from "../../lib/model/mod.ts";
import { pluginModels } from "./plugin_models.ts";

/** Tables of all kinds: `docs/kinds.md` and a page per plugin. */
export async function generate(): Promise<ReadonlyMap<string, string>> {
  const models = await pluginModels();
  const index = new KindIndex([...models.values()].flatMap((model) => model.kinds));
  const pages = [...models].map(([name, model]): [string, string] => [
    `docs/kinds/${name}.md`,
    pluginPage(name, model, index),
  ]);
  return new Map([["docs/kinds.md", overview(models)], ...pages]);
}

function overview(models: ReadonlyMap<string, Model>): string {
  const plugins = [...models].map(([name, { kinds }]) =>
    `| [${name}](kinds/${name}.md) | ${nodes(kinds).length} | ${
      kinds.length - nodes(kinds).length
    } |`
  );
  return page([
    "# Kinds",
    "Every node has a kind. A kind has the properties of its bases and its own; names of properties mean the same in all kinds. This page is generated from the models.",
    "## Plugins",
    table("| Plugin | Kinds | Nested kinds |", plugins),
    "## Base kinds",
    "Plugins derive their kinds from these. *Phantom* nodes are no resources of a cloud and are never cleaned up.",
    ...BASE_KINDS.map((kind) => section(kind)),
  ]);
}

function pluginPage(name: string, { kinds }: Model, index: KindIndex): string {
  const nested = kinds.filter((kind) => kind.nested === true);
  return page([
    `# Kinds of ${name}`,
    "Own properties of each kind; those of its bases come on top. See [base kinds](../kinds.md#base-kinds).",
    table(
      "| Kind | Bases | Properties in all |",
      nodes(kinds).map((kind) =>
        `| [${kind.name}](#${kind.name}) | ${bases(kind)} | ${index.properties(kind.name).length} |`
      ),
    ),
    ...nodes(kinds).map(section),
    ...(nested.length === 0 ? [] : ["## Nested kinds", ...nested.map(section)]),
  ]);
}

function section(kind: Kind): string {
  const facts = [
    ...(kind.bases.length === 0 ? [] : [`Bases: ${bases(kind)}.`]),
    ...(kind.phantom === true ? ["Phantom."] : []),
    ...(kind.description === undefined ? [] : [kind.description]),
  ];
  const rows = kind.properties.map(({ name, type, description, synthetic, volatile }) =>
    `| ${name} | ${cell(type)} | ${
      cell([
        ...(description === undefined ? [] : [description]),
        ...(synthetic === undefined ? [] : [`computed from ${synthetic.join(".")}`]),
        ...(volatile === true ? ["volatile: a new value is no change"] : []),
      ].join("; "))
    } |`
  );
  return [
    `### ${kind.name}`,
    ...(facts.length === 0 ? [] : [facts.join(" ")]),
    ...(rows.length === 0 ? [] : [table("| Property | Type | Notes |", rows)]),
  ].join("\n\n");
}

function nodes(kinds: readonly Kind[]): readonly Kind[] {
  return kinds.filter((kind) => kind.nested !== true);
}

function bases(kind: Kind): string {
  return kind.bases.map((base) => `\`${base}\``).join(", ");
}

function table(header: string, rows: readonly string[]): string {
  const columns = header.split("|").length - 2;
  return [header, `|${"---|".repeat(columns)}`, ...rows].join("\n");
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("\n", " ");
}

function page(parts: readonly string[]): string {
  return `${parts.join("\n\n")}\n`;
}
