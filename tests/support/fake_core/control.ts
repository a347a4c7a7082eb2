import { z } from "zod";
import type { FakeCore } from "../fake_core.ts";
import type { StoredEdge, StoredNode } from "./database.ts";
import type { StepState } from "./workflow.ts";

/** What a test asks of a core in another process. */
export const controlRequest = z.discriminatedUnion("do", [
  z.object({ do: z.literal("observe") }),
  z.object({ do: z.literal("start"), steps: z.array(z.string()) }),
  z.object({ do: z.literal("steps"), task: z.string() }),
  z.object({
    do: z.literal("tag"),
    nodes: z.array(z.string()),
    change: z.union([
      z.object({ update: z.record(z.string(), z.string().nullable()) }),
      z.object({ delete: z.array(z.string()) }),
    ]),
  }),
]);

export type ControlRequest = z.output<typeof controlRequest>;

/** Everything that shows of a core from outside. */
export interface CoreView {
  readonly violations: readonly string[];
  readonly importErrors: readonly string[];
  readonly late: readonly string[];
  readonly unreadQueries: readonly string[];
  readonly requests: readonly {
    readonly method: string;
    readonly path: string;
    readonly bytes: number;
  }[];
  /** How many requests a fault holds. */
  readonly held: number;
  readonly connected: readonly string[];
  readonly workers: number;
  readonly nodes: readonly StoredNode[];
  readonly edges: readonly StoredEdge[];
}

/** Serves what a test asks, on a loopback port of its own. */
export function serveControl(core: FakeCore, port: number): Deno.HttpServer<Deno.NetAddr> {
  return Deno.serve({ hostname: "127.0.0.1", port, onListen() {} }, async (request) => {
    const asked = controlRequest.parse(await request.json());
    return Response.json(await answer(core, asked) ?? null);
  });
}

async function answer(core: FakeCore, asked: ControlRequest): Promise<unknown> {
  switch (asked.do) {
    case "observe":
      return view(core);
    case "start":
      return core.startWorkflow(asked.steps);
    case "steps":
      return core.steps(asked.task) satisfies readonly StepState[];
    case "tag":
      return await core.tag(asked.nodes, asked.change);
  }
}

function view(core: FakeCore): CoreView {
  const { violations, importErrors, late, unreadQueries } = core;
  const ids = core.subscriptions().map(({ id }) => String(id));
  const { nodes, edges } = core.graph();
  return {
    ...{ violations, importErrors, late, unreadQueries },
    requests: core.requests,
    held: core.held,
    connected: ids.filter((id) => core.isConnected(id)),
    workers: core.queue.workers,
    nodes: [...nodes.values()],
    edges,
  };
}
