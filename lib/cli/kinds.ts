import { z } from "zod";
import { didYouMean } from "../config/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import { type Kind, KindIndex } from "../model/mod.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { print, printJson } from "./print.ts";
import { renderTable } from "./table.ts";

/** `ckworker kinds [KIND]`: the kinds of all plugins, or one with its properties. */
export const kinds = defineCommand({
  name: "kinds",
  summary: "shows the kinds that are collected, or one with its properties",
  usage: "[KIND]",
  positionals: 1,
  options: z.object({}),
  candidates: (plugins) => plugins.flatMap(({ model }) => model.kinds.map(({ name }) => name)),
  run: (invocation) => Promise.resolve(showKinds(invocation)),
});

function showKinds(invocation: Invocation): number {
  const index = new KindIndex(invocation.plugins.flatMap((plugin) => plugin.model.kinds));
  const [name] = invocation.positionals;
  if (name === undefined) showAll(invocation, index);
  else showOne(invocation, index, name);
  return 0;
}

function showAll(invocation: Invocation, index: KindIndex): void {
  const all = [...index.all()].filter(({ nested }) => !nested);
  if (invocation.settings.output === "json") return printJson(invocation, all);
  const owner = new Map(
    invocation.plugins.flatMap(({ manifest, model }) =>
      model.kinds.map(({ name }) => [name, manifest.name])
    ),
  );
  const rows = all.map((kind) => [
    kind.name,
    owner.get(kind.name) ?? "base",
    index.properties(kind.name).length,
    kind.bases.join(", "),
  ]);
  print(invocation, renderTable(["KIND", "PLUGIN", "PROPERTIES", "BASES"], rows));
}

function showOne(invocation: Invocation, index: KindIndex, name: string): void {
  const kind = index.get(name);
  if (kind === undefined) throw unknownKind(name, index);
  const properties = index.properties(name);
  if (invocation.settings.output === "json") {
    return printJson(invocation, { ...kind, properties });
  }
  print(invocation, renderKind(kind, index));
  const rows = properties.map(({ name, type, description = "" }) => [name, type, description]);
  if (rows.length > 0) {
    print(invocation, `\n${renderTable(["PROPERTY", "TYPE", "DESCRIPTION"], rows)}`);
  }
}

function renderKind(kind: Kind, index: KindIndex): string {
  const bases = [...index.lineage(kind.name)].filter((base) => base !== kind.name).toReversed();
  const lines = [
    kind.description === undefined ? kind.name : `${kind.name}: ${kind.description}`,
    ...(bases.length === 0 ? [] : [`Bases: ${bases.join(", ")}`]),
    ...(index.isPhantom(kind.name) ? ["Phantom: not a real resource of the cloud"] : []),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

function unknownKind(name: string, index: KindIndex): ConfigError {
  return new ConfigError(`there is no kind ${name}`, {
    context: { kind: name },
    hint: didYouMean(name, [...index.all()].map((kind) => kind.name), "See ckworker kinds"),
  });
}
