import type { Guest, GuestEnd, GuestRequest } from "../../lib/sandbox/mod.ts";
import type { CollectContext, PluginEntry, ScopeWriter } from "../../lib/sdk/mod.ts";
import { z } from "zod";
import { encodeClose, encodeNode, encodeOpen } from "../../lib/sdk/encode.ts";

const EMPTY = z.object({});

/** What a fake guest does: it gets the context of a collector, in the same thread. */
export type GuestScript = (context: CollectContext<unknown>, raw: RawLines) => Promise<void> | void;

/** Sends bytes as they are, for lines that no SDK would write. */
export interface RawLines {
  send(text: string): void;
}

/** Starts guests that run a script in this thread; their lines go through the real intake. */
export function fakeGuests(
  scripts: Readonly<Record<string, GuestScript>>,
): (request: GuestRequest) => Promise<Guest> {
  return (request) => {
    const script = scripts[request.entry.manifest.name] ?? (() => {});
    const stream = new TransformStream<Uint8Array, Uint8Array>(undefined, {
      highWaterMark: Number.POSITIVE_INFINITY,
    });
    const writer = stream.writable.getWriter();
    const ended = run(script, request, writer);
    return Promise.resolve({
      state: "running",
      lines: stream.readable,
      ended,
      stop: () => ended.then(() => {}),
      [Symbol.asyncDispose]: () => ended.then(() => {}),
    });
  };
}

/** A plugin entry whose kinds hang below an account and a region kind of the same prefix. */
export function fakeEntry(name: string, kinds: readonly string[]): PluginEntry {
  return {
    manifest: {
      name,
      type: "collector",
      description: "made up",
      clouds: [name],
      options: EMPTY,
      permissions: () => ({}),
    },
    model: {
      kinds: [
        { name: `${name}_account`, bases: ["account"], properties: [], pythonType: "x.Account" },
        { name: `${name}_region`, bases: ["region"], properties: [], pythonType: "x.Region" },
        ...kinds.map((kind) => ({
          name: kind,
          bases: ["resource"],
          pythonType: "x.Thing",
          properties: [{ name: "value", type: "int64" }],
        })),
      ],
    },
    calls: [],
    source: { type: "built-in", name },
  };
}

async function run(
  script: GuestScript,
  request: GuestRequest,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<GuestEnd> {
  const send = (text: string) => void writer.write(new TextEncoder().encode(text)).catch(() => {});
  try {
    await script(context(request, send), { send });
    await writer.close().catch(() => {});
    return { state: "stopped" };
  } catch (error) {
    await writer.close().catch(() => {});
    return {
      state: "crashed",
      error: error instanceof Error ? error : new Error(String(error)),
    };
  }
}

function context(request: GuestRequest, send: (text: string) => void): CollectContext<unknown> {
  let scopes = 0;
  return {
    options: request.options,
    now: request.now,
    signal: request.signal,
    shard: request.shard,
    sensitive: request.sensitive,
    lent: request.lent ?? [],
    budgets: request.budgets,
    resumed: (scope) =>
      request.resumed.some((known) =>
        known.account === scope.account && known.region === (scope.region?.name ?? "") &&
        known.resource === scope.resource
      ),
    open: (scope): Promise<ScopeWriter> => {
      const number = scopes++;
      const region = scope.region ?? { id: "", name: "" };
      const cloud = scope.cloud ?? request.entry.manifest.name;
      const { account, resource } = scope;
      send(encodeOpen({ number, cloud, account, region, resource }));
      return Promise.resolve({
        node: (node) => Promise.resolve(send(encodeNode(number, node))),
        close: (result) =>
          Promise.resolve(
            send(
              encodeClose(number, {
                outcome: result?.outcome ?? "complete",
                faults: result?.faults ?? [],
              }),
            ),
          ),
      });
    },
    accounts: (report) => request.on.accounts(report),
    regions: (report) => request.on.regions(report),
    log: (level, event, message, fields) => request.log.log(level, event, message, fields),
    progress: (account, done, total, label) =>
      request.on.progress(account, done, total, label ?? ""),
    stats: (calls) => request.on.stats(calls),
    learned: (budgets) => request.on.learned(budgets),
    helper: () => Promise.reject(new Error("no helpers here")),
  };
}
