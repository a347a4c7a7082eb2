import { resources } from "../../../plugins/k8s/resources/mod.ts";
import type { Api, Resource } from "../../../plugins/k8s/resource.ts";
import type { ApiObject } from "./estate.ts";
import { type Json, problemsOf } from "./validate.ts";

/** What a test wants to be answered instead; undefined: the usual. */
export type Fault = (request: FakeRequest) => Response | undefined;

/** A request as the fake saw it. */
export interface FakeRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Headers;
  readonly body: string;
}

/** An API server on loopback whose objects are of the published description. */
export interface FakeApi extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly FakeRequest[];
  objects: ApiObject[];
  fault: Fault;
  /** Bearer tokens that are taken; empty: everybody is. */
  tokens: readonly string[];
  /** API groups that are not served. */
  missing: readonly string[];
  /** Objects that wrong forms are wanted for by a test. */
  unchecked: boolean;
  /** Objects a page at most. */
  pageSize: number;
}

interface Page {
  readonly snapshot: readonly ApiObject[];
  readonly from: number;
}

/** Starts a fake with these objects. */
export function startFakeApi(objects: readonly ApiObject[]): FakeApi {
  const pages = new Map<string, Page>();
  const requests: FakeRequest[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname: path, searchParams: query } = new URL(request.url);
    const { method, headers } = request;
    const seen = { method, path, query, headers, body: await request.text() };
    requests.push(seen);
    return fake.fault(seen) ?? answer(fake, seen, pages);
  });
  const { port } = server.addr;
  const fake: FakeApi = {
    url: `http://127.0.0.1:${port}`,
    port,
    requests,
    objects: [...objects],
    fault: () => undefined,
    tokens: [],
    missing: [],
    unchecked: false,
    pageSize: 500,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return fake;
}

/** A refusal in the API's form. */
export function status(
  code: number,
  reason: string,
  headers: Record<string, string> = {},
): Response {
  const message = `${reason} said the test`;
  return Response.json({
    kind: "Status",
    apiVersion: "v1",
    status: "Failure",
    reason,
    message,
    code,
  }, {
    status: code,
    headers,
  });
}

function answer(fake: FakeApi, request: FakeRequest, pages: Map<string, Page>): Response {
  const { path, headers } = request;
  const token = headers.get("authorization")?.replace("Bearer ", "") ?? "";
  if (fake.tokens.length > 0 && !fake.tokens.includes(token)) return status(401, "Unauthorized");
  if (path === "/version") return Response.json({ gitVersion: "v1.31.4", platform: "linux/amd64" });
  const served = resources.filter(({ api }) => !fake.missing.includes(api.group));
  if (path === "/apis") return Response.json(groups(served));
  const document = /^\/(?:api|apis\/([^/]+))\/([^/]+)$/.exec(path);
  if (document !== null) return apiDocument(served, document[1] ?? "", document[2] ?? "");
  const found = served.flatMap((resource) => {
    const match = pattern(resource.api).exec(path);
    return match === null ? [] : [{ resource, namespace: match[1] ?? "", name: match[2] }];
  })[0];
  if (found === undefined) return status(404, "NotFound");
  const { resource, namespace, name } = found;
  if (name === undefined) return list(fake, resource, namespace, request, pages);
  return single(fake, resource, namespace, name, request);
}

function pattern({ group, versions, plural }: Api): RegExp {
  const root = group === "" ? "/api/v1" : `/apis/${group}/(?:${versions.join("|")})`;
  return new RegExp(`^${root}(?:/namespaces/([^/]+))?/${plural}(?:/([^/]+))?$`);
}

function groups(served: readonly Resource[]): Json {
  const names = [...new Set(served.map(({ api }) => api.group))].filter((name) => name !== "");
  return {
    kind: "APIGroupList",
    apiVersion: "v1",
    groups: names.map((name) => ({
      name,
      versions: [{ groupVersion: `${name}/v1`, version: versionOf(served, name) }],
    })),
  };
}

function versionOf(served: readonly Resource[], group: string): string {
  return served.find(({ api }) => api.group === group)?.api.versions[0] ?? "v1";
}

function apiDocument(served: readonly Resource[], group: string, version: string): Response {
  const inside = served.filter(({ api }) => api.group === group && api.versions[0] === version);
  if (inside.length === 0) return status(404, "NotFound");
  return Response.json({
    kind: "APIResourceList",
    groupVersion: group === "" ? version : `${group}/${version}`,
    resources: inside.map(({ api }) => ({
      name: api.plural,
      kind: api.kind,
      namespaced: api.namespaced,
      verbs: ["get", "list", "patch", "delete"],
    })),
  });
}

function list(
  fake: FakeApi,
  resource: Resource,
  namespace: string,
  { query, headers }: FakeRequest,
  pages: Map<string, Page>,
): Response {
  const token = query.get("continue") ?? "";
  const known = pages.get(token);
  if (token !== "" && known === undefined) return status(410, "Expired");
  const snapshot = known?.snapshot ??
    fake.objects.filter((each) => isOf(each, resource.api, namespace));
  const from = known?.from ?? 0;
  const limit = Math.min(Number(query.get("limit") ?? Infinity), fake.pageSize);
  const items = snapshot.slice(from, from + limit);
  if (!fake.unchecked) { for (const item of items) check(item, resource); }
  const next = from + limit < snapshot.length ? `t${pages.size + 1}` : "";
  if (next !== "") pages.set(next, { snapshot, from: from + limit });
  const isPartial = (headers.get("accept") ?? "").includes("PartialObjectMetadataList");
  return Response.json({
    kind: isPartial ? "PartialObjectMetadataList" : `${resource.api.kind}List`,
    apiVersion: "v1",
    metadata: { resourceVersion: "100", ...(next === "" ? {} : { continue: next }) },
    items: items.length === 0
      ? null
      : items.map((item) => isPartial ? { metadata: item.metadata } : item),
  });
}

function check(item: ApiObject, { definition, kind }: Resource): void {
  const [problem] = problemsOf(item, definition, kind);
  if (problem !== undefined) throw new Error(`the test's object is none: ${problem}`);
}

function isOf(item: ApiObject, { group, kind }: Api, namespace: string): boolean {
  const own = item.apiVersion.includes("/") ? item.apiVersion.split("/")[0] : "";
  return item.kind === kind && own === group &&
    (namespace === "" || item.metadata["namespace"] === namespace);
}

function single(
  fake: FakeApi,
  { api }: Resource,
  namespace: string,
  name: string,
  { method, body }: FakeRequest,
): Response {
  const index = fake.objects.findIndex((each) =>
    isOf(each, api, namespace) && each.metadata.name === name
  );
  const found = fake.objects[index];
  if (found === undefined) return status(404, "NotFound");
  if (method === "GET") return Response.json({ metadata: found.metadata });
  const sent: { metadata?: Json; preconditions?: Json; propagationPolicy?: string } = JSON.parse(
    body,
  );
  const wanted = method === "DELETE" ? sent.preconditions : sent.metadata;
  const { uid, resourceVersion } = found.metadata;
  if (wanted?.["uid"] !== uid || wanted?.["resourceVersion"] !== resourceVersion) {
    return status(409, "Conflict");
  }
  if (method === "DELETE") {
    fake.objects.splice(index, 1);
    return Response.json({ kind: "Status", status: "Success" });
  }
  const labels = Object.entries({ ...labelsOf(found.metadata), ...labelsOf(sent.metadata) })
    .filter(([, value]) => value !== null);
  const metadata = {
    ...found.metadata,
    resourceVersion: `${Number(resourceVersion) + 1}`,
    labels: Object.fromEntries(labels),
  };
  fake.objects[index] = { ...found, metadata };
  return Response.json({ metadata });
}

function labelsOf(metadata: Json | undefined): Json {
  const labels = metadata?.["labels"];
  return typeof labels === "object" && labels !== null ? { ...labels } : {};
}
