import { CkError, type NodeInput } from "ckworker";
import type { Connection, Request } from "../client/connection.ts";
import { pages } from "../client/pages.ts";
import type { Resource } from "../resource.ts";
import { pathOf, permissionOf } from "./calls.ts";
import { type Meta, readMeta } from "./meta.ts";
import type { Make } from "./node_maker.ts";
import type { ScopeSet } from "./scope_set.ts";

/** Asks for metadata alone, so that what an object holds never leaves the server. */
const METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** One listing of one cluster. */
export interface Listing {
  readonly resource: Resource;
  readonly version: string;
  readonly connection: Pick<Connection, "send" | "account">;
  readonly scopes: ScopeSet;
  readonly make: Make;
  readonly signal: AbortSignal;
  /** Namespaces that are listed one by one; undefined: the whole cluster at once. */
  readonly oneByOne?: readonly string[];
  /** Takes each node, in the order of the pages. */
  take(namespace: string, node: NodeInput, meta: Meta, raw: object): Promise<void>;
}

/** Lists all objects. What fails is told to the scopes, which stay open. */
export async function list(listing: Listing): Promise<void> {
  const { resource, scopes, signal } = listing;
  for (const namespace of listing.oneByOne ?? [undefined]) {
    const request = listRequest(listing, namespace);
    try {
      await listPages(listing, request);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof CkError)) throw error;
      scopes.lost(error, permissionOf("list", resource.api), namespace);
    }
  }
}

function listRequest({ resource, version }: Listing, namespace: string | undefined): Request {
  const { api, metadataOnly } = resource;
  const call = permissionOf("list", api);
  return {
    call,
    permission: namespace === undefined ? call : `${call} in namespace ${namespace}`,
    path: pathOf(api, version, namespace),
    ...(namespace === undefined ? {} : { namespace }),
    ...(metadataOnly === true ? { accept: METADATA } : {}),
  };
}

async function listPages(listing: Listing, request: Request): Promise<void> {
  const seen = new Set<string>();
  for await (const page of pages(listing.connection, request, listing.signal)) {
    for (const raw of page.items) await takeObject(listing, raw, request, seen);
  }
}

/**
 * A list that begins anew brings again what was sent already: it is sent once. What was there before
 * and is not any more stays until the next run, like everything that goes right after it was listed.
 */
async function takeObject(
  { resource, scopes, connection, make, take }: Listing,
  raw: unknown,
  { call, namespace: asked }: Request,
  seen: Set<string>,
): Promise<void> {
  const meta = readMeta(raw);
  if (meta === undefined || typeof raw !== "object" || raw === null) {
    // Nobody knows which node it is, so none that is absent may count as gone.
    return scopes.lost(
      new CkError("k8s.object", "an object of the list has no name or uid"),
      call,
      asked,
    );
  }
  const namespace = resource.api.namespaced ? meta.namespace ?? "" : "";
  const scope = scopes.of(namespace);
  if (scope === undefined || seen.has(meta.uid)) return;
  seen.add(meta.uid);
  const { node, wrong } = make({ ...raw }, meta, { cluster: connection.account, namespace });
  if (wrong.length > 0) {
    const message = `${wrong.join(", ")} of an object have another type than described`;
    scope.faults.unread(new CkError("Mapping", message), call);
  }
  await take(namespace, node, meta, raw);
}
