import process from "node:process";
import { PluginError } from "../../errors/mod.ts";

/**
 * Takes away the ways from text to code that lead around the rights of a guest. In a compiled binary
 * the runtime imports any local module without asking for the right to read it, so a third-party
 * plugin gets no import: {@link refuseImports} keeps the syntax out of its text, and this keeps out
 * everything that would make code of other text.
 */
export function lockdown(): void {
  const functions = [function () {}, async function () {}, function* () {}, async function* () {}];
  for (const one of functions) forbid(Object.getPrototypeOf(one), "constructor", "Function()");
  for (const name of ["eval", "Function", "Worker", "SharedWorker", "ShadowRealm"]) {
    forbid(globalThis, name, name);
  }
  for (const name of ["getBuiltinModule", "binding", "dlopen", "_linkedBinding"]) {
    forbid(process, name, `process.${name}`);
  }
  for (const name of ["setTimeout", "setInterval", "setImmediate"] as const) onlyFunctions(name);
  // The runtime's own insides, among them evaluation in a fresh context.
  const internal: unknown = Reflect.get(Deno, "internal");
  if (typeof internal === "symbol") forbid(Deno, internal, "Deno.internal");
}

/** The keyword, wherever it may stand: no escape can spell it, and no other text imports. */
const IMPORT = /(?<![\p{ID_Continue}$]|(?<!\.\.)\.)import(?![\p{ID_Continue}$])(?!\s*\.\s*meta\b)/u;

/** `export … from "…"` imports as well; whatever comments stand between. */
const FROM = /\bfrom\b(?:\s|\/\*[^]*?\*\/|\/\/.*)*["']/;

/**
 * Refuses a plugin's text in which the word `import` stands by itself, `import.meta` apart, even in
 * a comment: telling text from code for certain would take a whole parser.
 * @throws PluginError with the line
 */
export function refuseImports(source: string): void {
  const found = IMPORT.exec(source) ?? FROM.exec(source);
  if (found === null) return;
  const line = source.slice(0, found.index).split("\n").length;
  throw new PluginError(`The plugin imports something, or says "import", in line ${line}`, {
    hint: "A plugin is one self-contained file: bundle what it needs, for the browser platform.",
  });
}

function forbid(target: object, name: string | symbol, what: string): void {
  if (!(name in target)) return;
  const value = function () {
    throw new PluginError(`A plugin may not use ${what}`);
  };
  if (!Reflect.defineProperty(target, name, { value, configurable: false, writable: false })) {
    throw new PluginError(`The guest could not be closed: ${what}`);
  }
}

/** The runtime evaluates text given in the place of a callback. */
function onlyFunctions(name: "setTimeout" | "setInterval" | "setImmediate"): void {
  const original: unknown = Reflect.get(globalThis, name);
  if (typeof original !== "function") return;
  const value = (callback: unknown, ...rest: unknown[]) => {
    if (typeof callback !== "function") throw new PluginError(`${name}() takes a function only`);
    return Reflect.apply(original, globalThis, [callback, ...rest]);
  };
  Object.defineProperty(globalThis, name, { value, configurable: false, writable: false });
}
