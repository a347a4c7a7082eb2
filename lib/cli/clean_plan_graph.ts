import type { Plan } from "../cleanup/mod.ts";
import { identityText } from "../model/mod.ts";
import { printable } from "./table.ts";

/** A plan as numbered nodes and what goes before what. */
interface Drawing {
  readonly nodes: readonly { readonly number: number; readonly text: string }[];
  readonly arrows: readonly { readonly first: number; readonly then: number }[];
}

/** The plan for Graphviz; an arrow leads from what goes first to what goes then. */
export function renderDot(plan: Plan): string {
  const { nodes, arrows } = drawingOf(plan);
  return [
    "digraph plan {\n  rankdir=LR;\n  node [shape=box];\n",
    ...nodes.map(({ number, text }) => `  n${number} [label=${JSON.stringify(text)}];\n`),
    ...arrows.map(({ first, then }) => `  n${first} -> n${then};\n`),
    "}\n",
  ].join("");
}

/** The plan for Mermaid. */
export function renderMermaid(plan: Plan): string {
  const { nodes, arrows } = drawingOf(plan);
  return [
    "flowchart LR\n",
    ...nodes.map(({ number, text }) => `  n${number}["${text.replaceAll('"', "#quot;")}"]\n`),
    ...arrows.map(({ first, then }) => `  n${first} --> n${then}\n`),
  ].join("");
}

function drawingOf({ entries }: Plan): Drawing {
  const numbers = new Map(entries.map((entry, number) => [identityText(entry), number]));
  const number = (text: string) => numbers.get(text) ?? [];
  return {
    nodes: entries.map(({ kind, id }, number) => ({ number, text: printable(`${kind} ${id}`) })),
    arrows: entries.flatMap((entry, then) => [
      ...entry.after.flatMap(number).map((first) => ({ first, then })),
      ...(entry.with === undefined
        ? []
        : [number(entry.with)].flat().map((first) => ({ first, then }))),
    ]),
  };
}
