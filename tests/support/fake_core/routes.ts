import { signToken } from "./auth.ts";
import { fingerprint, signRequest } from "./authority.ts";
import { configAnswer } from "./configs.ts";
import type { CoreState } from "./core_state.ts";
import type { CoreDialect } from "./dialect.ts";
import { mergeDeferredEdges } from "./deferred.ts";
import { isObject, type JsonObject } from "./json.ts";
import { allLines, answerMerge, readJson } from "./merge.ts";
import { Model, readKinds } from "./model.ts";
import { patchNodes } from "./patch.ts";
import { answerAggregation, answerQuery } from "./query_answer.ts";
import { readAggregation, readQuery } from "./query_text.ts";
import { Refusal, refuse, unknownGraph, unknownPath } from "./refusal.ts";
import { renderNode } from "./render.ts";

/** A request that has passed authentication. */
export interface CoreCall {
  readonly state: CoreState;
  readonly psk: string | undefined;
  readonly method: string;
  readonly path: string;
  readonly parameters: URLSearchParams;
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array> | null;
  readonly signal: AbortSignal;
}

type Handler = (call: CoreCall, ...parts: string[]) => Response | Promise<Response>;
type Route = readonly [method: string, path: RegExp, handler: Handler];

const COMMON: readonly Route[] = [
  ["GET", /^\/system\/ready$/, () => new Response("ok")],
  ["GET", /^\/metrics$/, () => new Response("")],
  ["GET", /^\/ca\/cert$/, caCert],
  ["POST", /^\/ca\/sign$/, caSign],
  ["GET", /^\/subscribers$/, ({ state }) => Response.json(state.subscribers.list())],
  ["GET", /^\/subscriber\/([^/]+)$/, showSubscriber],
  ["POST", /^\/subscriber\/([^/]+)\/([^/]+)$/, subscribe],
  ["DELETE", /^\/subscriber\/([^/]+)\/([^/]+)$/, unsubscribe],
  ["GET", /^\/graph$/, ({ state }) => Response.json([...state.graphs.keys()])],
  ["POST", /^\/graph\/([^/]+)$/, createGraph],
  ["POST", /^\/graph\/([^/]+)\/merge$/, merge],
  ["PATCH", /^\/graph\/([^/]+)\/nodes$/, patch],
  ["GET", /^\/configs$/, ({ state }) => Response.json(state.configs.ids())],
];

const CKCORE: readonly Route[] = [
  ...COMMON,
  ["GET", /^\/$/, () => new Response(null, { status: 302, headers: { location: "/ui" } })],
  ["GET", /^\/model$/, ({ state }) => Response.json(state.model("").told)],
  ["PATCH", /^\/model$/, (call) => updateModel(call, "", call.state.model(""))],
  ["POST", /^\/graph\/([^/]+)\/query\/graph$/, query],
  ["POST", /^\/graph\/([^/]+)\/query\/aggregate$/, aggregate],
];

const FIXCORE: readonly Route[] = [
  ...COMMON,
  [
    "GET",
    /^\/$/,
    () => new Response("<html></html>", { headers: { "content-type": "text/html" } }),
  ],
  ["GET", /^\/\.well-known\/jwks\.json$/, () => Response.json({ keys: [KEY] })],
  ["GET", /^\/authenticate$/, () => new Response("405: Method Not Allowed", { status: 405 })],
  ["GET", /^\/model$/, (call) => showModel(call, "fix")],
  ["GET", /^\/graph\/([^/]+)\/model$/, showModel],
  ["PUT", /^\/graph\/([^/]+)\/model$/, (call, graph = "") => updateModel(call, graph, new Model())],
  [
    "PATCH",
    /^\/graph\/([^/]+)\/model$/,
    (call, graph = "") => updateModel(call, graph, call.state.model(graph)),
  ],
  ["POST", /^\/graph\/([^/]+)\/merge\/deferred_edges$/, deferredEdges],
  ["POST", /^\/graph\/([^/]+)\/search\/graph$/, query],
  ["POST", /^\/graph\/([^/]+)\/search\/aggregate$/, aggregate],
  ["GET", /^\/config\/([^/]+)$/, showConfig],
  ["PUT", /^\/config\/([^/]+)$/, putConfig],
  ["PATCH", /^\/configs\/model$/, patchConfigModel],
];

/** The newer core signs tokens of people with this key; a worker does not need it. */
const KEY = { kty: "RSA", alg: "RS256", use: "sig", e: "AQAB", n: "AQAB", kid: "fake" };

/**
 * Answers a request.
 * @throws Refusal when the core refuses it
 */
export async function answerCall(call: CoreCall): Promise<Response> {
  const method = call.method === "HEAD" ? "GET" : call.method;
  const routes = call.state.dialect === "ckcore" ? CKCORE : FIXCORE;
  for (const [verb, pattern, handler] of routes) {
    const match = verb === method ? pattern.exec(call.path) : null;
    if (match !== null) return await handler(call, ...match.slice(1).map(decodeURIComponent));
  }
  throw unknownPath(call.state.dialect);
}

async function caCert({ state, psk }: CoreCall): Promise<Response> {
  const { ca } = await state.authority();
  const print = fingerprint(ca);
  const exp = Math.floor(state.clock.now() / 1000) + 300;
  const headers = new Headers({
    "content-type": "application/x-pem-file",
    "SHA256-Fingerprint": print,
  });
  if (psk !== undefined) {
    headers.set("authorization", `Bearer ${signToken(psk, { sha256_fingerprint: print, exp })}`);
  }
  if (state.dialect === "fixcore") {
    headers.set("content-disposition", 'attachment; filename="fix_root_ca.pem"');
  }
  return new Response(ca, { headers });
}

async function caSign({ state, body }: CoreCall): Promise<Response> {
  const text = await new Response(body).text();
  if (!text.includes("BEGIN CERTIFICATE REQUEST")) {
    throw refuse("ValueError", "Unable to load PEM file");
  }
  const pem = await signRequest(await state.authority(), text);
  return new Response(pem, {
    headers: {
      "content-type": "application/x-pem-file",
      "SHA256-Fingerprint": fingerprint(pem),
    },
  });
}

function showSubscriber({ state }: CoreCall, id = ""): Response {
  if (!state.subscribers.has(id)) throw new Refusal(404, undefined, "404: Not Found");
  return Response.json(state.subscribers.show(id));
}

function subscribe({ state, parameters }: CoreCall, id = "", action = ""): Response {
  const shown = state.subscribers.add(id, action, parameters);
  state.onChange();
  return Response.json(shown);
}

function unsubscribe({ state }: CoreCall, id = "", action = ""): Response {
  const shown = state.subscribers.remove(id, action);
  state.onChange();
  return Response.json(shown);
}

function createGraph({ state }: CoreCall, name = ""): Response {
  const graph = state.createGraph(name);
  const root = graph.nodes.get("root");
  if (root === undefined) throw refuse("AssertionError", "the graph has no root");
  const now = state.clock.now();
  return Response.json(renderNode(graph, state.dialect, state.model(name), root, now));
}

function showModel({ state }: CoreCall, graph = ""): Response {
  if (!state.graphs.has(graph)) throw refuse("AttributeError", `No graph with name ${graph}`);
  return Response.json(state.model(graph).told);
}

async function updateModel(call: CoreCall, graph: string, old: Model): Promise<Response> {
  const { state, body } = call;
  const kinds = readKinds(await readJson(state, body));
  if (state.dialect === "fixcore") state.graph(graph);
  const model = old.merged(kinds);
  call.signal.throwIfAborted();
  state.setModel(graph, model);
  return Response.json(model.told);
}

async function merge(call: CoreCall, graph = ""): Promise<Response> {
  const { state, headers, parameters, signal } = call;
  const body = call.body ?? new ReadableStream({ start: (stream) => stream.close() });
  return await answerMerge(state, { graph, headers, parameters, body, signal });
}

async function deferredEdges({ state, body }: CoreCall, graph = ""): Promise<Response> {
  const tasks = await readJson(state, body);
  if (!Array.isArray(tasks) || !tasks.every((task) => typeof task === "string")) {
    throw refuse("AttributeError", "Expected a list of task ids");
  }
  const unread = (criteria: string) => state.observations.unreadQueries.push(criteria);
  const counts = mergeDeferredEdges(state.graph(graph), state.model(graph), tasks, unread);
  state.onChange();
  return Response.json(counts);
}

async function patch(call: CoreCall, graph = ""): Promise<Response> {
  const { state, signal } = call;
  const database = state.graph(graph);
  const lines = await allLines(state, call.body, signal);
  signal.throwIfAborted();
  const model = state.model(graph);
  const changed = patchNodes(database, state.dialect, model, lines);
  state.onChange();
  const now = state.clock.now();
  return records(
    changed.map((node) => renderNode(database, state.dialect, model, node, now)),
    call,
  );
}

async function query(call: CoreCall, graph = ""): Promise<Response> {
  const { state } = call;
  const { database, model, read } = await question(call, graph, readQuery);
  const found = answerQuery(database, state.dialect, model, read, state.clock.now());
  return records(found, call, counted(found, state.dialect));
}

async function aggregate(call: CoreCall, graph = ""): Promise<Response> {
  const { state } = call;
  const { database, model, read } = await question(call, graph, readAggregation);
  const groups = answerAggregation(database, state.dialect, model, read, state.clock.now());
  return records(groups, call, counted(groups, state.dialect));
}

/** What is asked, and of which graph. */
async function question<Read>(
  { state, parameters, body }: CoreCall,
  graph: string,
  reader: (text: string, dialect: CoreDialect, section?: string) => Read | undefined,
) {
  const text = await new Response(body).text();
  const database = state.graphs.get(graph);
  if (database === undefined) {
    throw state.dialect === "ckcore"
      ? unknownGraph(graph)
      : refuse("AttributeError", `No graph with name ${graph}`);
  }
  const section = parameters.get("section") ?? undefined;
  if (section !== undefined && !["reported", "desired", "metadata", "/"].includes(section)) {
    throw refuse("AttributeError", `Given section does not exist: ${section}`);
  }
  const read = reader(text, state.dialect, section === "/" ? undefined : section);
  if (read === undefined) {
    if (text.trim() !== "") state.observations.unreadQueries.push(text);
    throw refuse("ParseError", `expected one of the known queries at 0:0: ${text}`);
  }
  return { database, model: state.model(graph), read };
}

function counted(found: readonly JsonObject[], dialect: CoreDialect): Record<string, string> {
  const count = String(found.length);
  if (dialect === "fixcore") return { "Result-Count": count, "Total-Count": count };
  return found.length === 0 ? {} : { "Ck-Element-Count": count };
}

/** One JSON document a line if asked for so, else a list over several lines. */
function records(
  all: readonly JsonObject[],
  { headers }: CoreCall,
  extra: Readonly<Record<string, string>> = {},
): Response {
  const isLines = headers.get("accept")?.includes("application/x-ndjson") === true;
  const texts = all.map((each) => JSON.stringify(each));
  const body = isLines ? texts.map((text) => `${text}\n`).join("") : `[\n${texts.join(",\n")}\n]`;
  const type = isLines ? "application/x-ndjson" : "application/json";
  return new Response(body, { headers: { ...extra, "content-type": type } });
}

function showConfig({ state, parameters }: CoreCall, id = ""): Response {
  const config = state.configs.get(id);
  if (config === undefined) throw new Refusal(404, undefined, "No config with this id");
  return configAnswer(config, parameters);
}

async function putConfig(call: CoreCall, id = ""): Promise<Response> {
  const { state, body } = call;
  const document = await readJson(state, body);
  if (!isObject(document)) throw refuse("AttributeError", "Expected a JSON object");
  state.observations.violation(`PUT /config/${id}: a worker only reads configurations`);
  state.configs.set(id, document);
  state.onChange();
  return Response.json(document);
}

function patchConfigModel({ state }: CoreCall): Response {
  state.observations.violation("PATCH /configs/model: a worker only reads configurations");
  return Response.json([]);
}
