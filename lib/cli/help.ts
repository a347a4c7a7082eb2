import type { Option } from "../config/mod.ts";
import type { Command } from "./command.ts";

/** What the help text of a command shows. */
export interface HelpPage {
  readonly command: Command;
  /** Commands to list; only the page without subcommand has some. */
  readonly commands: readonly Command[];
  readonly options: readonly Option[];
  /** Width of the output in characters. */
  readonly columns: number;
}

/** Where the descriptions start. */
const LEFT = 32;

/** Headings before and behind those of the collectors. */
const FIRST = ["Options", "Collecting"];
const LAST = ["Store", "Output and logs", "General"];

/** Renders usage, commands and options by group; options that this version has not are left out. */
export function renderHelp({ command, commands, options, columns }: HelpPage): string {
  const shown = options.filter((option) => !option.later);
  const groups = [...Map.groupBy(shown, (option) => option.group)]
    .toSorted(([a], [b]) => rankOf(a) - rankOf(b));
  const sections = [
    usageOf(command, commands),
    ...(commands.length === 0 ? [] : [section("Commands", commands.map(commandRow), columns)]),
    ...groups.map(([group, members]) => section(group, members.map(optionRow), columns)),
  ];
  return sections.join("\n");
}

/** Every flag of every option, one a line; tools read it. */
export function renderMachineHelp(options: readonly Option[]): string {
  return options
    .filter(({ name }) => name !== "help" && name !== "machine-help")
    .flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])])
    .map((flag) => `${flag}\n`).join("");
}

/** `--pool-size N`, with the short flag before it. */
export function flagOf(option: Option): string {
  const short = option.short === undefined ? "" : `-${option.short}, `;
  const value = option.type === "boolean" ? "" : ` ${placeholderOf(option)}`;
  return `${short}--${option.name}${value}`;
}

/** Default in words; empty when there is none worth telling. */
export function defaultOf({ default: value, defaultText, type }: Option): string {
  if (defaultText !== undefined) return defaultText;
  if (value === undefined || value === null || type === "boolean" && value === false) return "";
  return Array.isArray(value) ? value.join(" ") : String(value);
}

function placeholderOf({ choices, placeholder, type }: Option): string {
  const word = placeholder ??
    (type === "integer" || type === "number"
      ? "N"
      : choices !== undefined && choices.length <= 4
      ? choices.join("|")
      : "VALUE");
  return type === "list" ? `${word}...` : word;
}

function rankOf(group: string): number {
  if (FIRST.includes(group)) return FIRST.indexOf(group) - FIRST.length;
  return LAST.includes(group) ? LAST.indexOf(group) + 1 : 0;
}

function usageOf(command: Command, commands: readonly Command[]): string {
  const words = ["ckworker", command.name, command.usage, "[flags]"].filter((word) => word !== "");
  const lines = [`Usage: ${words.join(" ")}`];
  if (commands.length > 0) lines.push("       ckworker COMMAND [arguments] [flags]");
  return `${lines.join("\n")}\n\n${upperFirst(command.summary)}.\n`;
}

type Row = readonly [left: string, right: string];

function commandRow({ name, usage, summary }: Command): Row {
  return [[name, usage].filter((word) => word !== "").join(" "), summary];
}

function optionRow(option: Option): Row {
  const standard = defaultOf(option);
  const choices = option.choices === undefined || option.choices.length <= 4
    ? ""
    : `; any of ${option.choices.join(", ")}`;
  return [flagOf(option), `${option.help}${choices}${standard === "" ? "" : ` [${standard}]`}`];
}

function section(title: string, rows: readonly Row[], columns: number): string {
  return `${title}:\n${rows.map((row) => renderRow(row, columns)).join("")}`;
}

function renderRow([left, right]: Row, columns: number): string {
  const indent = " ".repeat(LEFT);
  const [first = "", ...rest] = wrap(right, Math.max(columns - LEFT, 24));
  const head = `  ${left}`;
  const lines = head.length < LEFT - 1 ? [head.padEnd(LEFT) + first] : [head, indent + first];
  return [...lines, ...rest.map((line) => indent + line)].map((line) => `${line.trimEnd()}\n`)
    .join("");
}

function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line !== "" && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
