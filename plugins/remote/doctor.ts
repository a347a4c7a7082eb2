import type { DoctorReport } from "ckworker";
import { Survey } from "./graph/survey.ts";
import { CALL, type RemoteRun, surveyEndpoint } from "./run.ts";
import type { Endpoint } from "./source/endpoint.ts";
import { Unreadable } from "./source/unreadable.ts";

type Account = DoctorReport["accounts"][number];

/** Reads each endpoint to its end, and tells the accounts that it names. */
export async function examine(run: RemoteRun): Promise<DoctorReport> {
  const accounts: Account[] = [];
  for (const endpoint of run.endpoints) accounts.push(...await examineEndpoint(run, endpoint));
  const { length } = run.endpoints;
  const clouds = run.lent.clouds.join(", ");
  return { credentials: `${clouds} of ${length} endpoint${length === 1 ? "" : "s"}`, accounts };
}

async function examineEndpoint(run: RemoteRun, endpoint: Endpoint): Promise<readonly Account[]> {
  const { label } = endpoint;
  const survey = new Survey(run.lent, CALL);
  try {
    await surveyEndpoint(endpoint, run.reading, survey);
  } catch (error) {
    run.context.signal.throwIfAborted();
    if (!(error instanceof Unreadable)) throw error;
    return [{ id: label, regions: [], denied: [], problem: error.message }];
  }
  const places = Map.groupBy(survey.places.all(), ({ account }) => account);
  if (places.size === 0) {
    return [{ id: label, regions: [], denied: [], problem: "it holds nothing of these clouds" }];
  }
  return [...places].map(([account, of]) => ({
    id: account,
    regions: of.flatMap(({ region }) => region === undefined ? [] : [region.name]),
    denied: [],
  }));
}
