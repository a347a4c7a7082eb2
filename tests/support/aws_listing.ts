import type { NodeInput, ScopeResult } from "ckworker";
import { Caller } from "../../plugins/aws/engine/caller.ts";
import { Budgets } from "../../plugins/aws/client/budgets.ts";
import { CallLog, systemClock } from "../../lib/sdk/mod.ts";
import type { Client, LoadedService } from "../../plugins/aws/client/clients.ts";
import { Connection, type Network } from "../../plugins/aws/client/connection.ts";
import { Session } from "../../plugins/aws/client/session.ts";
import { Slots } from "../../plugins/aws/client/slots.ts";
import { Compiler } from "../../plugins/aws/engine/compile.ts";
import { collectResource, type RegionRun } from "../../plugins/aws/engine/listing.ts";
import type { Mapping } from "../../plugins/aws/engine/mapping.ts";
import type { Place, Raw, Resource } from "../../plugins/aws/resource.ts";
import { Selection } from "../../plugins/aws/engine/selection.ts";
import { PLACE } from "./aws_tools.ts";

/** One call that reached the cloud. */
export interface CloudCall {
  readonly operation: string;
  readonly input: Raw;
  readonly region: string;
}

/** What a cloud of a test answers: by operation, the whole answer or an error that it throws. */
export type Answers = Readonly<
  Record<string, (input: Raw, region: string) => unknown>
>;

/** How a listing ended. */
export interface Listed {
  readonly nodes: readonly NodeInput[];
  /** By resource name of the scope. */
  readonly results: Readonly<Record<string, Partial<ScopeResult>>>;
  readonly calls: readonly CloudCall[];
}

/** Options of one listing. */
export interface ListOptions {
  readonly place?: Partial<Place>;
  readonly collect?: readonly string[];
  readonly noCollect?: readonly string[];
}

const mapping: Mapping = JSON.parse(
  Deno.readTextFileSync(new URL("../../plugins/aws/mapping.json", import.meta.url)),
);

/** Collects one resource of one region, with the plugin's engine, from answers of a test. */
export async function listFrom(
  answers: Answers,
  resource: Resource,
  { place, collect = [], noCollect = [] }: ListOptions = {},
): Promise<Listed> {
  const here = { ...PLACE, ...place };
  const calls: CloudCall[] = [];
  const nodes: NodeInput[] = [];
  const results: Record<string, Partial<ScopeResult>> = {};
  const signal = new AbortController().signal;
  const session = new Session(here.account, undefined, () => Promise.reject(), () => 0);
  const network = createNetwork(answers, calls, signal);
  const run: RegionRun = {
    context: {
      signal,
      resumed: () => false,
      open: (scope) =>
        Promise.resolve({
          node: (node) => Promise.resolve(void nodes.push(node)),
          close: (result) => Promise.resolve(void (results[scope.resource] = result ?? {})),
        }),
      log: () => {},
    },
    place: here,
    caller: new Caller(mapping.pages),
    connection: new Connection(network, session, here.region),
    selection: new Selection(collect, noCollect),
    elsewhere: (region) => new Connection(network, session, region),
    regionOnce: new Map(),
    guestOnce: new Map(),
    outOfReach: undefined,
  };
  const compiler = new Compiler(mapping, { keep: false, key: "00" });
  await collectResource(compiler.resource(resource), run);
  return { nodes, results, calls };
}

/** The one node of a kind. */
export function theNode({ nodes }: Listed, kind: string, id?: string): NodeInput {
  const found = nodes.filter((node) => node.kind === kind && (id === undefined || node.id === id));
  const [node] = found;
  if (node === undefined || found.length > 1) {
    throw new Error(`${found.length} nodes of kind ${kind} among ${nodes.map(({ id }) => id)}`);
  }
  return node;
}

/** Edges of a node as `direction kind by value`. */
export function edgesOf({ edges = [] }: NodeInput): readonly string[] {
  return edges.map(({ direction, kind, by, value }) => `${direction} ${kind} ${by} ${value}`);
}

/** A recorded answer of `tests/fixtures/aws`; times become dates, as the SDK gives them. */
export function recorded(name: string): Raw {
  return parse(name);
}

/** A recorded list. */
export function recordedList(name: string): readonly unknown[] {
  return parse(name);
}

/** An error as the SDK throws it. */
export function awsError(code: string, status = 400): Error {
  return Object.assign(new Error(`${code} of a test`), {
    name: code,
    $metadata: { httpStatusCode: status },
  });
}

const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/;

/** What it is the caller knows: the file is part of the tests. */
function parse(name: string) {
  const url = new URL(`../fixtures/aws/${name}.json`, import.meta.url);
  return JSON.parse(
    Deno.readTextFileSync(url),
    (_, value) => typeof value === "string" && TIME.test(value) ? new Date(value) : value,
  );
}

function createNetwork(answers: Answers, calls: CloudCall[], signal: AbortSignal): Network {
  const clock = { ...systemClock, sleep: () => Promise.resolve() };
  return {
    clock,
    signal,
    budgets: new Budgets(clock, []),
    slots: new Slots(10),
    log: new CallLog(),
    load: () => Promise.resolve(createService(answers, calls)),
    config: () => ({}),
    permissions: (call) => [call],
    resolves: () => Promise.resolve(true),
  };
}

function createService(answers: Answers, calls: CloudCall[]): LoadedService {
  return {
    command: (operation, input) => ({ operation, input }),
    client: ({ region }): Client => ({
      destroy: () => {},
      async send(command) {
        const call = { ...readCommand(command), region: String(region) };
        calls.push(call);
        const answer = answers[call.operation];
        if (answer === undefined) throw awsError("AccessDenied", 403);
        return await answer(call.input, call.region);
      },
    }),
  };
}

function readCommand(command: object): { readonly operation: string; readonly input: Raw } {
  if (!("operation" in command) || !("input" in command)) throw new Error("no command");
  const { operation, input } = command;
  if (typeof input !== "object" || input === null) throw new Error("no input");
  return { operation: String(operation), input: { ...input } };
}
