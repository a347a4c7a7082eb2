/**
 * Checks the rules of this project that no linter knows and prints one line for each breach.
 * Exit code 1 when there is one.
 *
 * @module
 */
import { resolve } from "node:path";
import process from "node:process";
import { type Breach, breachLine } from "./check/breach.ts";
import { cycles } from "./check/cycles.ts";
import { folderRules } from "./check/folder_rules.ts";
import { importRules } from "./check/import_rules.ts";
import { readSourceTree, type SourceTree } from "./check/source_tree.ts";
import { textRules } from "./check/text_rules.ts";

/** All rules: each looks at the whole tree. */
const RULES: readonly ((tree: SourceTree) => readonly Breach[])[] = [
  importRules,
  cycles,
  folderRules,
  textRules,
];

if (import.meta.main) {
  const tree = await readSourceTree(resolve(import.meta.dirname ?? ".", ".."));
  const breaches = RULES.flatMap((rule) => rule(tree));
  for (const breach of breaches) process.stdout.write(`${breachLine(breach)}\n`);
  process.stdout.write(`Rules: ${tree.size} files, ${breaches.length} breaches\n`);
  Deno.exit(breaches.length === 0 ? 0 : 1);
}
