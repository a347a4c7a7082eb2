import { join } from "node:path";

/** A package whose code is part of the bundle. */
export interface BundledPackage {
  readonly name: string;
  /** Folder, repo-relative. */
  readonly folder: string;
}

/** The packages that the given inputs of a bundle belong to, each once, by name. */
export function bundledPackages(inputs: readonly string[]): readonly BundledPackage[] {
  const packages = new Map<string, BundledPackage>();
  for (const input of inputs) {
    const match = PACKAGE.exec(input);
    const [, folder = "", name = ""] = match ?? [];
    if (name !== "" && !packages.has(folder)) packages.set(folder, { name, folder });
  }
  return [...packages.values()].toSorted((a, b) => a.folder < b.folder ? -1 : 1);
}

/**
 * The licences of bundled packages as one text; packages with the same licence text share it.
 * @throws Error for a package that has neither a licence file nor a licence in its package.json
 */
export async function notices(
  root: string,
  packages: readonly BundledPackage[],
): Promise<string> {
  const byLicence = new Map<string, string[]>();
  for (const each of packages) {
    const { version, licence } = await licenceOf(root, each);
    byLicence.set(licence, [...byLicence.get(licence) ?? [], `${each.name} ${version}`]);
  }
  const sections = [...byLicence].map(([licence, names]) =>
    `${[...new Set(names)].join("\n")}\n\n${licence.trim()}\n`
  );
  return `${INTRODUCTION}${sections.join(`\n${RULE}\n`)}`;
}

const INTRODUCTION =
  `ckworker contains code of the following packages, under their own licences.\n\n`;
const RULE = "-".repeat(80);

/** The innermost package of a path: scope and name behind the last `node_modules/`. */
const PACKAGE = /^(.*node_modules\/((?:@[^/]+\/)?[^/]+))\//;

async function licenceOf(
  root: string,
  { name, folder }: BundledPackage,
): Promise<{ readonly version: string; readonly licence: string }> {
  const facts: { readonly version?: string; readonly license?: string } = JSON.parse(
    await Deno.readTextFile(join(root, folder, "package.json")),
  );
  const file = [...Deno.readDirSync(join(root, folder))]
    .find((entry) => entry.isFile && /^(licen[cs]e|copying)/i.test(entry.name));
  const version = facts.version ?? "";
  if (file !== undefined) {
    return { version, licence: await Deno.readTextFile(join(root, folder, file.name)) };
  }
  if (facts.license === undefined) throw new Error(`${name} ${version} states no licence`);
  return { version, licence: `Licence: ${facts.license}` };
}
