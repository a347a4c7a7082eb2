import { ConfigError, didYouMean } from "../errors/mod.ts";
import type { Given, GivenOptions } from "./given.ts";
import type { Option, OptionSet } from "./option.ts";

/** A worker's configuration that is kept elsewhere: sections of keys, and changes to them. */
export interface WorkerDocument {
  /** How to name it in messages: `fix.worker`. */
  readonly name: string;
  /** Of the worker itself (`fixworker`) and of its plugins, by name. */
  readonly sections: Readonly<Record<string, unknown>>;
  /** `section.key=value`, each stronger than what the document says. */
  readonly overrides: readonly string[];
  /** For `$(NAME)` in texts; what is missing stays as it is. */
  readonly env: Readonly<Record<string, string>>;
}

/** What a worker's document says to us. */
export interface ReadDocument {
  readonly given: GivenOptions;
  /** Sections and keys that mean nothing here: `azure`, `aws.profiles`. */
  readonly unknown: readonly string[];
}

const OWN_SECTION = "fixworker";

/**
 * Keys of the worker's own section and the options they stand for. Others cannot be set from
 * elsewhere: who keeps the document must not choose which programs and files are used here.
 */
const OWN_KEYS: ReadonlyMap<string, string> = new Map([
  ["collector", "collector"],
  ["graph", "ckcore_graph"],
  ["timeout", "timeout"],
  ["pool_size", "pool_size"],
  ["graph_merge_kind", "replace"],
  ["cleanup", "cleanup"],
  ["cleanup_dry_run", "cleanup_dry_run"],
  ["cleanup_pool_size", "cleanup_pool_size"],
  ["web_host", "web_host"],
  ["web_port", "web_port"],
  ["web_path", "web_path"],
]);
/** Keys of the worker's own section that are about how other workers are built. */
const FOR_OTHERS: ReadonlySet<string> = new Set([
  "debug_dump_json",
  "files_in_home_dir",
  "fork_process",
  "graph_sender_pool_size",
  "max_resources_per_account",
  "no_tls",
  "tempdir",
  "write_files_to_home_dir",
]);
/** The whole cloud is replaced where nothing speaks against it. */
const MERGE_KINDS: ReadonlyMap<string, string> = new Map([["cloud", "auto"]]);
const VARIABLE = /\$\((?<name>\w+)\)/g;
const OVERRIDE = /^(?<section>[^.=]+)\.(?<key>[^=]+)=(?<value>.*)$/s;

/**
 * Reads a worker's document as a source of options, weaker than flags, variables and the file.
 * A null is as good as nothing.
 * @param sets options of the program and of every known plugin
 * @throws ConfigError for an override that changes nothing, and for values that are no option's
 */
export function parseWorkerDocument(
  document: WorkerDocument,
  sets: readonly OptionSet[],
): ReadDocument {
  const given = new Map<string, Given>();
  const unknown: string[] = [];
  for (const [section, keys] of Object.entries(document.sections)) {
    if (keys === null) continue;
    if (!isObject(keys) || setOf(section, sets) === undefined) {
      unknown.push(section);
      continue;
    }
    for (const [key, value] of Object.entries(keys)) {
      const option = optionOf(section, key, sets);
      const origin = `${document.name}: ${section}.${key}`;
      if (option === undefined && !isForOthers(section, key)) unknown.push(`${section}.${key}`);
      if (option === undefined || value === null) continue;
      given.set(option.name, givenBy(origin, value, option, document));
    }
  }
  for (const text of document.overrides) {
    const changed = override(text, document, sets);
    if (changed !== undefined) given.set(changed.name, changed.given);
  }
  return { given, unknown };
}

function override(text: string, document: WorkerDocument, sets: readonly OptionSet[]) {
  const { section, key, value } = OVERRIDE.exec(text)?.groups ?? {};
  if (section === undefined || key === undefined || value === undefined) {
    // It may be a secret, and is not repeated.
    throw new ConfigError("an --override must be section.key=value", {
      context: { subject: "--override" },
    });
  }
  const option = optionOf(section, key, sets);
  if (option === undefined && isForOthers(section, key)) return undefined;
  const origin = `--override ${section}.${key}`;
  if (option === undefined) throw unknownOverride(origin, section, key, sets);
  const values = option.type === "list" ? value.split(",").map((each) => each.trim()) : value;
  return { name: option.name, given: givenBy(origin, values, option, document) };
}

function unknownOverride(
  origin: string,
  section: string,
  key: string,
  sets: readonly OptionSet[],
): ConfigError {
  const keys = section === OWN_SECTION
    ? [...OWN_KEYS.keys()]
    : setOf(section, sets)?.options.map((option) => option.key) ?? [];
  return new ConfigError(`${origin}: unknown key`, {
    context: { subject: "--override" },
    hint: didYouMean(key, keys, "The section is fixworker or a plugin's name, the key an option's"),
  });
}

function optionOf(section: string, key: string, sets: readonly OptionSet[]): Option | undefined {
  const name = section === OWN_SECTION ? OWN_KEYS.get(key) : key;
  return setOf(section, sets)?.options
    .find((option) => option.key === name && option.env !== undefined);
}

function setOf(section: string, sets: readonly OptionSet[]): OptionSet | undefined {
  const plugin = section === OWN_SECTION ? "" : section;
  return section === "" ? undefined : sets.find((set) => set.plugin === plugin);
}

function isForOthers(section: string, key: string): boolean {
  return section === OWN_SECTION && FOR_OTHERS.has(key);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function givenBy(origin: string, value: unknown, option: Option, document: WorkerDocument): Given {
  const values = Array.isArray(value) && option.type === "list" ? value : [value];
  const texts = values.map((each) => textOf(each, option, document));
  if (texts.every((text) => text !== undefined)) return { texts, origin, source: "core" };
  const expected = option.type === "list" ? "a value or a list of values" : "one value";
  throw new ConfigError(`${origin}: must be ${expected}`, { context: { subject: origin } });
}

function textOf(value: unknown, { name }: Option, { env }: WorkerDocument): string | undefined {
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  if (typeof value !== "string") return undefined;
  const text = value.replace(VARIABLE, (whole, variable: string) => env[variable] ?? whole);
  return name === "replace" ? MERGE_KINDS.get(text) ?? text : text;
}
