import { ConfigError } from "../errors/mod.ts";

/** How many nodes of one account a clean-up may delete. */
export type Cap =
  /** A tenth of the account's deletable nodes, and at least twenty. */
  | { readonly form: "default" }
  | { readonly form: "none" }
  | { readonly form: "count"; readonly count: number }
  | { readonly form: "percent"; readonly percent: number };

const LEAST = 20;
const SHARE = 10;

/**
 * Reads `--cleanup-max`: a count, or a percentage of an account's deletable nodes.
 * @throws ConfigError for anything else
 */
export function readCap(text: string | undefined): Cap {
  if (text === undefined) return { form: "default" };
  const [, digits, percent] = /^(\d{1,9})(%?)$/.exec(text.trim()) ?? [];
  const number = Number(digits);
  if (digits !== undefined && percent === "") return { form: "count", count: number };
  if (digits !== undefined && number <= 100) return { form: "percent", percent: number };
  throw new ConfigError(`--cleanup-max must be a number or a percentage, not ${text}`, {
    context: { subject: "--cleanup-max" },
    hint: "Write for example 50, or 5%",
  });
}

/**
 * The most nodes of an account that may be deleted.
 * @param deletable how many could be deleted at all; undefined when that is not known
 * @returns undefined when it cannot be computed
 */
export function capOf(cap: Cap, deletable: number | undefined): number | undefined {
  switch (cap.form) {
    case "none":
      return Infinity;
    case "count":
      return cap.count;
    case "percent":
      return deletable === undefined ? undefined : Math.floor(deletable * cap.percent / 100);
    case "default":
      return Math.max(LEAST, Math.floor((deletable ?? 0) * SHARE / 100));
  }
}

/** A cap for people. */
export function capText(cap: Cap): string {
  switch (cap.form) {
    case "none":
      return "none";
    case "count":
      return String(cap.count);
    case "percent":
      return `${cap.percent}%`;
    case "default":
      return `${SHARE}%, at least ${LEAST}`;
  }
}
