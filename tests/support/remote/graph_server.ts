import { type FakeApi, startFakeApi } from "../saas/fake_api.ts";

/** A server with one graph, on loopback. */
export interface GraphServer extends FakeApi {
  /** Address of the graph. */
  readonly graph: string;
  /** What it serves from now on. */
  text: string | Uint8Array<ArrayBuffer>;
  /** Credentials that are asked for; undefined: none. */
  authorization: string | undefined;
  /** Credentials that requests came with. */
  readonly authorizations: readonly (string | null)[];
}

/** Serves a graph at `/graph.ndjson`. */
export function startGraphServer(text: string | Uint8Array<ArrayBuffer>): GraphServer {
  const authorizations: (string | null)[] = [];
  const fake = startFakeApi(({ headers }) => {
    const given = headers.get("authorization");
    authorizations.push(given);
    const { authorization, text } = server;
    if (authorization !== undefined && given !== authorization) {
      return new Response("no", { status: 401 });
    }
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    return new Response(bytes, {
      headers: { "content-type": "application/x-ndjson", "content-length": `${bytes.length}` },
    });
  });
  const server: GraphServer = {
    ...fake,
    graph: `${fake.url}/graph.ndjson`,
    text,
    authorization: undefined,
    authorizations,
  };
  return server;
}
