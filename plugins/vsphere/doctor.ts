import { CallFault, type DoctorReport, toScopeFault } from "ckworker";
import { verdictOf } from "./client/judge.ts";
import { listObjects } from "./client/properties.ts";
import { LIST_CALL, listingsOf, queryOf, REGION, type VsphereRun } from "./engine/run.ts";

type Account = DoctorReport["accounts"][number];

/** Tries the first page of each list. */
export async function examine(run: VsphereRun): Promise<DoctorReport> {
  const { session, context, host, fieldsFault } = run;
  const denied: Account["denied"][number][] = [];
  const problems: string[] = [];
  const note = (error: unknown, kinds: readonly string[]) => {
    context.signal.throwIfAborted();
    const fault = toScopeFault(error, LIST_CALL);
    if (error instanceof CallFault && error.outcome === "denied") denied.push({ ...fault, kinds });
    else problems.push(`${fault.call}: ${fault.message}`);
  };
  if (fieldsFault !== undefined) note(fieldsFault, ["vsphere_instance"]);
  let found = 0;
  for (const resource of listingsOf(session)) {
    try {
      for await (const page of listObjects(session, queryOf(resource, session))) {
        found += page.length;
        const [unread] = page.flatMap((object) => object?.missing ?? []);
        if (unread !== undefined) {
          note(session.faultOf(LIST_CALL, verdictOf(unread.fault)), [resource.kind]);
        }
        break;
      }
    } catch (error) {
      note(error, [resource.kind]);
    }
  }
  if (found === 0 && denied.length === 0) problems.push(NOTHING);
  const [problem] = problems;
  const known = { id: host, name: host, regions: [REGION.name], denied };
  return {
    credentials: `user ${context.options.user} at ${session.content.about["fullName"] ?? host}`,
    accounts: [problem === undefined ? known : { ...known, problem }],
  };
}

const NOTHING = "the user sees nothing at all: give it the role Read-only, propagated to children";
