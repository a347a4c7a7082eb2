import type { Option } from "../config/mod.ts";

/** What can be completed behind one command; the page without name stands for none. */
export interface CompletionPage {
  readonly name: string;
  readonly summary: string;
  /** Words that arguments may be. */
  readonly candidates: readonly string[];
  readonly options: readonly Option[];
}

/** Script for bash: `source <(ckworker completions bash)`. */
export function bashCompletion(pages: readonly CompletionPage[]): string {
  const options = uniqueOptions(pages);
  const chosen = options.filter(({ choices }) => choices !== undefined);
  const others = options.filter(({ type, choices }) => type !== "boolean" && !choices);
  return `_ckworker() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} words
  COMPREPLY=()
  case $prev in
${chosen.map((o) => `    --${o.name}) words="${o.choices?.join(" ")}" ;;`).join("\n")}
    ${others.map(({ name }) => `--${name}`).join("|")})
      return ;;
    *)
      case \${COMP_WORDS[1]} in
${pages.toSorted(unnamedLast).map((page) => bashPage(page, pages)).join("\n")}
      esac ;;
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -o default -F _ckworker ckworker
`;
}

function bashPage(page: CompletionPage, pages: readonly CompletionPage[]): string {
  const flags = page.options.flatMap(({ name, short }) => [
    `--${name}`,
    ...(short === undefined ? [] : [`-${short}`]),
  ]);
  const words = [...wordsOf(page, pages), ...flags].join(" ");
  return `        ${page.name === "" ? "*" : page.name}) words="${words}" ;;`;
}

/** Script for zsh: `source <(ckworker completions zsh)`. */
export function zshCompletion(pages: readonly CompletionPage[]): string {
  return `#compdef ckworker
_ckworker() {
  case $words[2] in
${pages.toSorted(unnamedLast).map((page) => zshPage(page, pages)).join("\n")}
  esac
}
compdef _ckworker ckworker
`;
}

function zshPage(page: CompletionPage, pages: readonly CompletionPage[]): string {
  const words = wordsOf(page, pages);
  const rest = words.length === 0 ? "*:file:_files" : `*:argument:(${words.join(" ")})`;
  const specs = [...page.options.map(zshOption), rest];
  const pattern = page.name === "" ? "*" : page.name;
  return `    ${pattern})\n      _arguments \\\n${
    specs.map((spec) => `        ${shellQuote(spec)}`).join(" \\\n")
  } ;;`;
}

function zshOption({ name, help, type, choices }: Option): string {
  const text = help.replaceAll(/[[\]:]/g, (char) => `\\${char}`);
  const value = type === "boolean"
    ? ""
    : `:value:${choices === undefined ? "_files" : `(${choices.join(" ")})`}`;
  return `${type === "list" ? "*" : ""}--${name}[${text}]${value}`;
}

/** Script for fish: `ckworker completions fish | source`. */
export function fishCompletion(pages: readonly CompletionPage[]): string {
  const names = namesOf(pages).join(" ");
  const lines = pages.flatMap((page) => {
    const when = page.name === ""
      ? `not __fish_seen_subcommand_from ${names}`
      : `__fish_seen_subcommand_from ${page.name}`;
    const head = `complete -c ckworker -n ${shellQuote(when)}`;
    return [
      ...page.candidates.map((word) => `${head} -a ${word}`),
      ...page.options.map((option) => `${head} ${fishOption(option)}`),
    ];
  });
  const commands = pages.filter(({ name }) => name !== "").map(({ name, summary }) =>
    `complete -c ckworker -n __fish_use_subcommand -f -a ${name} -d ${shellQuote(summary)}`
  );
  return [...commands, ...lines].map((line) => `${line}\n`).join("");
}

function fishOption({ name, short, help, type, choices }: Option): string {
  const letter = short === undefined ? "" : ` -s ${short}`;
  const value = type === "boolean"
    ? ""
    : choices === undefined
    ? " -r"
    : ` -x -a ${shellQuote(choices.join(" "))}`;
  return `-l ${name}${letter}${value} -d ${shellQuote(help)}`;
}

/** Arguments of a page; where no command is given yet, the commands. */
function wordsOf(page: CompletionPage, pages: readonly CompletionPage[]): readonly string[] {
  return page.name === "" ? namesOf(pages) : page.candidates;
}

function namesOf(pages: readonly CompletionPage[]): readonly string[] {
  return pages.map(({ name }) => name).filter((name) => name !== "");
}

function unnamedLast(a: CompletionPage, b: CompletionPage): number {
  return Number(a.name === "") - Number(b.name === "");
}

function uniqueOptions(pages: readonly CompletionPage[]): readonly Option[] {
  return [...new Map(pages.flatMap(({ options }) => options.map((o) => [o.name, o]))).values()];
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
