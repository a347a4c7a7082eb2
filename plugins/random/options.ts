import { z } from "zod";

const number = (least: number, most: number, otherwise: number) =>
  z.int().min(least).max(most).default(otherwise);

/** Options of the plugin; keys become flags `--random-…`, variables and file keys. */
export const options = z.object({
  size: number(0, 100_000_000, 1_000).describe("Resources in all, beside accounts and regions"),
  seed: number(0, 2 ** 31 - 1, 0).describe("Which cloud: another seed is another one"),
  accounts: number(0, 10_000, 2).describe("Accounts"),
  regions: number(1, 100, 3).describe("Regions of each account"),
  churn: number(0, 100, 0)
    .describe("Percent of the resources that are gone, changed or replaced, as after some time"),
});

/** Validated options. */
export type RandomOptions = z.output<typeof options>;
