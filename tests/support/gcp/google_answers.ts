import { schemaFacts, serviceFacts } from "../../../scripts/gen/gcp/facts.ts";
import type { DescribedCall } from "./described.ts";
import { removeWith, usersOf } from "./dependencies.ts";
import { fingerprint, type GoogleState, type Json, type Stored } from "./google_state.ts";
import { isMasked, patchMasked } from "./masked_patch.ts";
import { problemsOf } from "./validate.ts";

/** An answer, or an error as Google has it. */
export type GoogleAnswer = { readonly body: Json } | {
  readonly status: number;
  readonly error: Json;
};

/** How a simulated cloud behaves. */
export interface Behaviour {
  /** Most objects of one page. */
  readonly page: number;
  /** Locations that cannot be reached, `zones/us-east1-b`. */
  readonly unreachable: readonly string[];
  /** Paths whose operations fail at their end. */
  readonly failing: readonly RegExp[];
  /** What something else needs cannot be deleted. */
  readonly dependent?: boolean;
  /** What folders lie in, by their numbers: `organization 900`. */
  readonly folders?: Readonly<Record<string, string>>;
}

/** Collections of which an aggregated list tells, beside the one of its name. */
const TOGETHER: Readonly<Record<string, readonly string[]>> = {
  addresses: ["globalAddresses"],
  autoscalers: ["regionAutoscalers"],
  backendBuckets: ["regionBackendBuckets"],
  backendServices: ["regionBackendServices"],
  diskTypes: ["regionDiskTypes"],
  disks: ["regionDisks"],
  forwardingRules: ["globalForwardingRules"],
  globalOperations: ["regionOperations", "zoneOperations"],
  healthChecks: ["regionHealthChecks"],
  instanceGroupManagers: ["regionInstanceGroupManagers"],
  instanceGroups: ["regionInstanceGroups"],
  instanceTemplates: ["regionInstanceTemplates"],
  networkEndpointGroups: ["regionNetworkEndpointGroups", "globalNetworkEndpointGroups"],
  networkFirewallPolicies: ["regionNetworkFirewallPolicies"],
  publicDelegatedPrefixes: ["globalPublicDelegatedPrefixes"],
  securityPolicies: ["regionSecurityPolicies"],
  sslCertificates: ["regionSslCertificates"],
  sslPolicies: ["regionSslPolicies"],
  targetHttpProxies: ["regionTargetHttpProxies"],
  targetHttpsProxies: ["regionTargetHttpsProxies"],
  targetTcpProxies: ["regionTargetTcpProxies"],
  urlMaps: ["regionUrlMaps"],
};

/** Answers a call that is as described. */
export function answerCall(made: DescribedCall, state: GoogleState, is: Behaviour): GoogleAnswer {
  const call = { ...made, parameters: withIds(made.parameters, state) };
  const answer = answer_(call, state, is);
  if (!("body" in answer) || call.facts.response === undefined) return answer;
  // All APIs with places have operations at the same paths.
  if (isOfOperations(call)) return answer;
  const problems = problemsOf(call.service, answer.body, call.facts.response, "answer");
  return problems.length === 0 ? answer : refuse(500, "backendError", problems.join("; "));
}

/** Projects may be called by their numbers. */
function withIds(parameters: DescribedCall["parameters"], state: GoogleState) {
  const ids = new Map(
    state.in("cloudresourcemanager", ["projects"], {})
      .map(({ raw }) => [String(raw["projectNumber"]), String(raw["projectId"])]),
  );
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      value.replace(
        /^projects\/(\d+)(?=\/)/,
        (all, number: string) => ids.has(number) ? `projects/${ids.get(number)}` : all,
      ),
    ]),
  );
}

function answer_(call: DescribedCall, state: GoogleState, is: Behaviour): GoogleAnswer {
  const { operation } = call;
  const dot = operation.lastIndexOf(".");
  const [collection, method] = [operation.slice(0, dot), operation.slice(dot + 1)];
  if (isOfOperations(call)) return lookAt(call, state);
  switch (method) {
    case "list":
      return listOf(call, collection, state, is);
    case "aggregatedList":
      return aggregated(call, collection, state, is);
    case "listInstances":
      return members(call, collection, state);
    default:
      return one(call, collection, method, state, is);
  }
}

function isOfOperations({ operation }: DescribedCall): boolean {
  return /perations\.get$/.test(operation);
}

/** A project, and what it lies in from the inside out. */
function ancestryOf({ projectId, parent }: Json, { folders = {} }: Behaviour): readonly Json[] {
  const own = { resourceId: { type: "project", id: String(projectId) } };
  const found: Json[] = [own];
  const { type, id }: Json = Object(parent);
  for (let next = `${type} ${id}`; next in folders || /^organization /.test(next);) {
    const [kind = "", number = ""] = next.split(" ");
    found.push({ resourceId: { type: kind, id: number } });
    next = folders[next] ?? "";
  }
  return found;
}

function one(
  call: DescribedCall,
  collection: string,
  method: string,
  state: GoogleState,
  is: Behaviour,
): GoogleAnswer {
  const stored = state.find(call.service, collection, withName(call, collection));
  if (stored === undefined) return refuse(404, "notFound", "The resource was not found");
  const called = String(stored.raw["selfLink"] ?? stored.raw["name"]);
  const isFailing = is.failing.some((each) => each.test(called));
  const error = isFailing ? { code: "RESOURCE_IN_USE", message: "something uses it" } : undefined;
  switch (method) {
    case "get":
    case "getBillingInfo":
      return { body: stored.raw };
    case "getAncestry":
      return { body: { ancestor: ancestryOf(stored.raw, is) } };
    case "delete":
      if (is.dependent === true && usersOf(state, stored).length > 0) {
        const users = usersOf(state, stored).join(", ");
        return refuse(400, "resourceInUseByAnotherResource", `it is used by ${users}`);
      }
      if (error === undefined) {
        state.remove(stored);
        removeWith(state, stored);
      }
      if (call.service === "storage" || call.facts.response === "Empty") return { body: {} };
      return { body: state.begin(call.service, "delete", placeOf(stored), errorOf(call, error)) };
    case "setLabels":
    case "setResourceLabels":
      return setLabels(call, stored, state);
    default:
      return patch(call, stored, state);
  }
}

/** Newer APIs number their errors. */
function errorOf({ facts }: DescribedCall, error: Json | undefined): Json | undefined {
  const isNumbered = facts.path.includes("{+name}");
  return error !== undefined && isNumbered ? { ...error, code: 9 } : error;
}

/** `setLabels` calls the object `resource`, and `patch` may say `name`. */
function withName({ service, parameters }: DescribedCall, collection: string) {
  const { resource = parameters["name"], ...others } = parameters;
  if (resource === undefined) return parameters;
  const path = serviceFacts(service).operations[`${collection}.get`]?.path ?? "";
  const [, name] = /\{\+?([^}]+)\}$/.exec(path) ?? [];
  return name === undefined ? parameters : { ...others, [name]: resource };
}

function setLabels(
  { service, body }: DescribedCall,
  stored: Stored,
  state: GoogleState,
): GoogleAnswer {
  const { labelFingerprint, ...given }: Record<string, unknown> = Object(body);
  const [[member, labels] = []] = Object.entries(given);
  if (labelFingerprint !== stored.raw["labelFingerprint"]) {
    return refuse(412, "conditionNotMet", "Labels fingerprint either invalid or outdated");
  }
  const written = { [member ?? "labels"]: labels, labelFingerprint: fingerprint(labels) };
  stored.raw = { ...stored.raw, ...written };
  return { body: state.begin(service, "setLabels", placeOf(stored)) };
}

function patch(call: DescribedCall, stored: Stored, state: GoogleState): GoogleAnswer {
  const { service, parameters, body } = call;
  if (isMasked(call)) return maskedPatch(call, stored, state);
  const wanted = parameters["ifMetagenerationMatch"];
  if (wanted !== undefined && wanted !== stored.raw["metageneration"]) {
    return refuse(412, "conditionNotMet", "At least one of the pre-conditions did not hold");
  }
  const metageneration = stored.raw["metageneration"];
  const next = typeof metageneration === "string"
    ? { metageneration: String(Number(metageneration) + 1) }
    : {};
  stored.raw = { ...merged(stored.raw, Object(body)), ...next };
  return { body: service === "storage" ? stored.raw : state.begin(service, "UPDATE", {}) };
}

function maskedPatch(call: DescribedCall, stored: Stored, state: GoogleState): GoogleAnswer {
  const patched = patchMasked(call, stored, state);
  return "body" in patched ? patched : refuse(409, "ABORTED", patched.refused);
}

function merged(value: Json, change: Json): Json {
  const result: Record<string, unknown> = { ...value };
  for (const [name, each] of Object.entries(change)) {
    if (each === null) delete result[name];
    else if (typeof each === "object" && !Array.isArray(each)) {
      result[name] = merged(Object(result[name] ?? {}), Object(each));
    } else result[name] = each;
  }
  return result;
}

function lookAt({ parameters }: DescribedCall, state: GoogleState): GoogleAnswer {
  const name = parameters["operation"] ?? parameters["name"] ?? "";
  const found = state.look(name.slice(name.lastIndexOf("/") + 1));
  return found === undefined ? refuse(404, "notFound", "no such operation") : { body: found };
}

function listOf(
  call: DescribedCall,
  collection: string,
  state: GoogleState,
  is: Behaviour,
): GoogleAnswer {
  const { parameters, service, facts } = call;
  const own = ["project", "zone", "region", "bucket", "parent", "instance"]
    .flatMap((name) => parameters[name] === undefined ? [] : [[name, parameters[name] ?? ""]]);
  const [, above] = /\{\+(parent|project)\}/.exec(facts.path) ?? [];
  const found = above === undefined || service === "cloudbilling"
    ? state.in(service, [collection], Object.fromEntries(own))
    : state.in(service, [collection], {}).filter((each) =>
      isBelow(Object.values(each.parameters)[0] ?? "", parameters[above] ?? "")
    );
  const page = pageOf(found, parameters, is.page);
  if (page === undefined) return badToken();
  const members = schemaFacts(service, facts.response ?? "") ?? {};
  const [items = "items"] = Object.keys(members).filter((name) =>
    members[name]?.endsWith("[]") && !/^(unreachables?|warnings|prefixes|missingZones)$/.test(name)
  );
  return { body: { [items]: page.items.map(({ raw }) => raw), ...page.next } };
}

/** Whether a name is that of an object of a parent, whose parts may be `-`. */
function isBelow(name: string, parent: string): boolean {
  const parts = name.split("/");
  const above = parent.split("/");
  return parts.length === above.length + 2 &&
    above.every((part, i) => part === "-" || part === parts[i]);
}

/** Each page has all locations; those without anything on it say so. */
function aggregated(
  call: DescribedCall,
  collection: string,
  state: GoogleState,
  is: Behaviour,
): GoogleAnswer {
  const { parameters, service, facts } = call;
  const project = parameters["project"] ?? "";
  const collections = [collection, ...TOGETHER[collection] ?? []];
  const found = state.in(service, collections, { project })
    .filter((each) => !is.unreachable.includes(locationOf(each)));
  const page = pageOf(found, parameters, is.page);
  if (page === undefined) return badToken();
  const members = schemaFacts(service, facts.response ?? "") ?? {};
  const scoped = /^dictionary\[(.+)\]$/.exec(members["items"] ?? "")?.[1] ?? "";
  const [inner = ""] = Object.entries(schemaFacts(service, scoped) ?? {})
    .find(([, type]) => type.endsWith("[]")) ?? [];
  const places = ["regions", "zones"].flatMap((each) =>
    state.in(service, [each], { project }).map(({ raw }) => `${each}/${raw["name"]}`)
  );
  const items = Object.fromEntries(["global", ...places].map((location) => {
    const here = page.items.filter((each) => locationOf(each) === location);
    const warning = is.unreachable.includes(location)
      ? { code: "UNREACHABLE", message: `${location} is down` }
      : { code: "NO_RESULTS_ON_PAGE", message: "There are no results" };
    return [location, here.length > 0 ? { [inner]: here.map(({ raw }) => raw) } : { warning }];
  }));
  return { body: { items, ...page.next } };
}

function members(
  { parameters }: DescribedCall,
  collection: string,
  state: GoogleState,
): GoogleAnswer {
  const stored = state.find("compute", collection, parameters);
  if (stored === undefined) return refuse(404, "notFound", "The resource was not found");
  const name = stored.raw["name"];
  const items = state.in("compute", ["instances"], { project: parameters["project"] ?? "" })
    .filter(({ raw }) => Reflect.get(Object(raw["labels"] ?? {}), "group") === name)
    .map(({ raw }) => ({ instance: raw["selfLink"], status: "RUNNING" }));
  return { body: { items } };
}

function pageOf(found: readonly Stored[], parameters: DescribedCall["parameters"], most: number) {
  const token = parameters["pageToken"];
  const start = token === undefined ? 0 : Number(/^page-(\d+)$/.exec(token)?.[1] ?? "NaN");
  if (Number.isNaN(start)) return undefined;
  const end = start + most;
  const next = end < found.length ? { nextPageToken: `page-${end}` } : {};
  return { items: found.slice(start, end), next };
}

function locationOf({ parameters: { zone, region } }: Stored): string {
  return zone !== undefined
    ? `zones/${zone}`
    : region !== undefined
    ? `regions/${region}`
    : "global";
}

/** What an operation of Compute Engine tells of its place. */
function placeOf({ service, raw }: Stored): Json {
  const [, parent] =
    /^(projects\/[^/]+\/(?:locations|databases)\/[^/]+)/.exec(String(raw["name"])) ?? [];
  if (parent !== undefined && service !== "container") return { parent };
  const { zone, region } = service === "compute" ? raw : {};
  return {
    ...(zone === undefined ? {} : { zone }),
    ...(zone !== undefined || region === undefined ? {} : { region }),
  };
}

function badToken(): GoogleAnswer {
  return refuse(400, "invalid", "Invalid value for field 'pageToken': it has expired");
}

/** An error of the older form, which all of these APIs give. */
export function refuse(
  status: number,
  reason: string,
  message: string,
  more: Json = {},
): GoogleAnswer {
  return {
    status,
    error: {
      error: { code: status, message, errors: [{ reason, domain: "global", message }], ...more },
    },
  };
}
