import { type ErrorContext, SandboxError } from "../errors/mod.ts";

/** Kinds of rights that a manifest can ask for, and how an error calls their use. */
const MANIFEST_KEYS: Readonly<Record<string, string>> = {
  net: "connect to",
  env: "read the variable",
  read: "read",
  sys: "ask the system for",
};

/** What the runtime says when a right is missing: `Requires net access to "x:443", run again …`. */
const REQUIRES = /Requires (\w+) access(?: to "((?:[^"\\]|\\.)*)"| to (\S+))?/;

/**
 * Explains a refused right: who wanted what, and which key of the manifest would grant it. Looks
 * through the chain of causes, since cloud libraries wrap the refusal.
 *
 * @returns undefined when the fault is no missing right
 */
export function explainDenied(
  thrown: unknown,
  context: ErrorContext = {},
): SandboxError | undefined {
  for (let fault = thrown, hops = 0; fault instanceof Error && hops < 8; hops++) {
    const found = REQUIRES.exec(fault.message);
    if (found !== null) return denied(found[1] ?? "", found[2] ?? found[3], thrown, context);
    fault = fault.cause;
  }
  return undefined;
}

function denied(
  right: string,
  subject: string | undefined,
  cause: unknown,
  context: ErrorContext,
): SandboxError {
  const who = context.plugin === undefined ? "The plugin" : `Plugin "${context.plugin}"`;
  const verb = MANIFEST_KEYS[right];
  const what = subject === undefined ? `everything of "${right}"` : `"${subject}"`;
  return new SandboxError("denied", `${who} may not ${verb ?? `use ${right}:`} ${what}`, {
    context: { ...context, ...(subject === undefined ? {} : { subject }) },
    hint: verb === undefined
      ? `No plugin gets the right "${right}".`
      : `"permissions.${right}" of its manifest does not list it for these options.`,
    cause,
  });
}
