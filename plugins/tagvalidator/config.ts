import { deltaSchema } from "ckworker";
import { z } from "zod";

const accountSchema = z.strictObject({ name: z.string(), expiration: deltaSchema.optional() });

/** One account and the longest time that its nodes may live. */
export interface AccountLimit {
  readonly cloud: string;
  readonly account: string;
  /** Milliseconds. */
  readonly max: number;
}

/** Which nodes may live for how long. */
export interface ValidatorConfig {
  readonly kinds: readonly string[];
  readonly accounts: readonly AccountLimit[];
}

/** Form of the file. */
export const configSchema = z.strictObject({
  default: z.strictObject({ expiration: deltaSchema.optional() }).optional(),
  kinds: z.array(z.string().min(1)).min(1),
  accounts: z.record(z.string(), z.record(z.string(), accountSchema))
    .refine((clouds) => Object.values(clouds).some((cloud) => Object.keys(cloud).length > 0), {
      error: "names no account",
    }),
}).transform((config, context): ValidatorConfig => {
  const accounts: AccountLimit[] = [];
  for (const [cloud, limits] of Object.entries(config.accounts)) {
    for (const [account, { name, expiration }] of Object.entries(limits)) {
      const max = expiration ?? config.default?.expiration;
      if (max !== undefined) accounts.push({ cloud, account, max });
      else {
        const message = `account ${account} (${name}) has no expiration, ` +
          "and there is no default.expiration";
        context.addIssue({ code: "custom", path: ["accounts", cloud, account], message });
      }
    }
  }
  return { kinds: config.kinds, accounts };
});
