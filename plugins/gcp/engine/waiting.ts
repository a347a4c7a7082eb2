import { CallFault, type Clock, recordsAt, textAt, valueAt } from "ckworker";
import type { Api, Parameters } from "../client/api.ts";
import { NOT_FOUND } from "../client/judge.ts";
import type { Raw } from "../raw.ts";
import type { ServiceName } from "../services.ts";
import { lastSegment } from "./link.ts";

/** Time between two looks at an operation, and for how long, milliseconds. */
const EVERY_MS = 2_000;
const LIMIT_MS = 10 * 60_000;

/** Where most services have their operations. */
const LOCATED = "projects.locations.operations.get";
const OF_DATABASES = "projects.databases.operations.get";

/** What an operation is waited for with. */
export interface WaitParts {
  readonly service: ServiceName;
  readonly project: string;
  readonly api: Pick<Api, "call">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Waits until an operation is done. One that goes on for longer has been begun with, which is all that
 * can be said.
 * @param answer an operation, or what there is no need to wait for
 * @returns why it failed; undefined when it did not
 */
export async function waitFor(answer: Raw, parts: WaitParts): Promise<string | undefined> {
  const { service, api, clock, signal } = parts;
  const deadline = clock.now() + LIMIT_MS;
  let operation = answer;
  while (isOperation(operation) && !isDone(operation)) {
    if (clock.now() > deadline) return undefined;
    await clock.sleep(EVERY_MS, signal);
    const { call, parameters } = callFor(operation, parts);
    const next = await lookAt(api.call(service, call, parameters));
    if (next === undefined) return undefined;
    operation = next;
  }
  const [error = valueAt(operation, "error")] = recordsAt(operation, "error.errors");
  if (!isOperation(operation) || error === undefined) return undefined;
  const [code, message] = [textAt(error, "code"), textAt(error, "message")];
  return [code, message].filter((each) => each !== undefined).join(": ");
}

/** Undefined for an operation that is known no more: that says nothing of the object. */
async function lookAt(call: Promise<Raw>): Promise<Raw | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof CallFault && error.verdict.code === NOT_FOUND) return undefined;
    throw error;
  }
}

/** Newer APIs say `done`, the others have a type and a status. */
function isOperation({ name, operationType, done }: Raw): boolean {
  const isNamed = typeof name === "string" && name.includes("/operations/");
  return operationType !== undefined || done !== undefined || isNamed;
}

function isDone({ status, done }: Raw): boolean {
  return status === "DONE" || done === true;
}

/** Where an operation is looked at: in its zone, its region, everywhere, or at its own name. */
function callFor(
  raw: Raw,
  { service, project }: WaitParts,
): { readonly call: string; readonly parameters: Parameters } {
  const parameters = { project, operation: textAt(raw, "name") ?? "" };
  if (service === "sqladmin") return { call: "operations.get", parameters };
  if (service !== "compute") {
    const call = service === "firestore" ? OF_DATABASES : LOCATED;
    return { call, parameters: { name: nameOf(raw, project) } };
  }
  const [zone, region] = [textAt(raw, "zone"), textAt(raw, "region")];
  if (zone !== undefined) {
    return { call: "zoneOperations.get", parameters: { ...parameters, zone: lastSegment(zone) } };
  }
  if (region !== undefined) {
    const place = { ...parameters, region: lastSegment(region) };
    return { call: "regionOperations.get", parameters: place };
  }
  return { call: "globalOperations.get", parameters };
}

function nameOf(raw: Raw, project: string): string {
  const name = textAt(raw, "name") ?? "";
  if (name.includes("/")) return name;
  const place = textAt(raw, "location") ?? textAt(raw, "zone") ?? "";
  return `projects/${project}/locations/${place}/operations/${name}`;
}
