import { deltaSchema } from "ckworker";
import { z } from "zod";

const texts = z.array(z.string().min(1)).min(1);
const accountSchema = z.strictObject({ name: z.string(), age: deltaSchema.optional() });

/** One account whose nodes are looked at. */
export interface AccountRule {
  readonly cloud: string;
  readonly account: string;
  /** Milliseconds; younger nodes are left alone. */
  readonly age: number;
}

/** Which nodes have to have which tags. */
export interface UntaggedConfig {
  readonly tags: readonly string[];
  readonly kinds: readonly string[];
  readonly accounts: readonly AccountRule[];
}

/** Form of the file. */
export const configSchema = z.strictObject({
  default: z.strictObject({ age: deltaSchema.optional() }).optional(),
  tags: texts,
  kinds: texts,
  accounts: z.record(z.string(), z.record(z.string(), accountSchema))
    .refine((clouds) => Object.values(clouds).some((cloud) => Object.keys(cloud).length > 0), {
      error: "names no account",
    }),
}).transform((config, context): UntaggedConfig => {
  const accounts: AccountRule[] = [];
  for (const [cloud, rules] of Object.entries(config.accounts)) {
    for (const [account, rule] of Object.entries(rules)) {
      const age = rule.age ?? config.default?.age;
      if (age !== undefined) accounts.push({ cloud, account, age });
      else {
        const message = `account ${account} (${rule.name}) has no age, and there is no default.age`;
        context.addIssue({ code: "custom", path: ["accounts", cloud, account], message });
      }
    }
  }
  return { tags: config.tags, kinds: config.kinds, accounts };
});
