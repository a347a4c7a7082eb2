const TOKENS =
  /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|`(?:\\[\s\S]|[^`\\])*`/g;

/**
 * A module without its comments and template strings, line numbers kept. Other strings stay, since
 * they hold the specifiers of imports.
 */
export function code(text: string): string {
  return text.replaceAll(TOKENS, (token) => /^["']/.test(token) ? token : blank(token));
}

/** The same without the contents of any string. */
export function codeWithoutStrings(text: string): string {
  return text.replaceAll(TOKENS, (token) => /^["']/.test(token) ? '""' : blank(token));
}

function blank(token: string): string {
  return "\n".repeat(token.split("\n").length - 1);
}
