import { CallFault, type DoctorReport, toScopeFault } from "ckworker";
import { LISTINGS, type OneLoginRun } from "./listings.ts";

type Account = DoctorReport["accounts"][number];

/** Tries the first page of each list. */
export async function examine(run: OneLoginRun): Promise<DoctorReport> {
  const { client, context, account, region } = run;
  const denied: Account["denied"][number][] = [];
  const problems: string[] = [];
  for (const { call, path, kind } of LISTINGS) {
    try {
      await client.pages(call, path).next();
    } catch (error) {
      context.signal.throwIfAborted();
      const fault = toScopeFault(error, call);
      if (error instanceof CallFault && error.outcome === "denied") {
        denied.push({ ...fault, kinds: [kind] });
      } else problems.push(`${fault.call}: ${fault.message}`);
    }
  }
  const known = { id: account, regions: [region], denied };
  const [problem] = problems;
  return {
    credentials: `client ${account}`,
    accounts: [problem === undefined ? known : { ...known, problem }],
  };
}
