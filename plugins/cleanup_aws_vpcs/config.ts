import { z } from "zod";

/** Accounts by cloud: ids as they are written. */
export const configSchema = z.record(z.string(), z.array(z.string().min(1)));
export type Accounts = z.output<typeof configSchema>;

/** Whether a node lies in one of the accounts; undefined stands for all. */
export function isListed(
  accounts: Accounts | undefined,
  { cloud, account }: { readonly cloud: string | undefined; readonly account: string | undefined },
): boolean {
  if (accounts === undefined) return true;
  return cloud !== undefined && account !== undefined && Object.hasOwn(accounts, cloud) &&
    accounts[cloud]?.includes(account) === true;
}
