import { CallFault } from "../client/call_fault.ts";
import type { Connection } from "../client/connection.ts";
import { pathOf } from "./calls.ts";
import { readMeta } from "./meta.ts";
import type { Namespace } from "./scope_set.ts";

const NAMESPACES = { group: "", plural: "namespaces" } as const;

/**
 * The namespace of a context, for who may not list all of them. Its id is its uid where it may be
 * read, else its name. Empty when there is no such namespace.
 * @throws CloudError when it cannot be asked for
 */
export async function findNamespaces(
  connection: Pick<Connection, "send">,
  name: string,
  signal: AbortSignal,
): Promise<readonly Namespace[]> {
  const path = pathOf(NAMESPACES, "v1", "", name);
  try {
    const meta = readMeta(await connection.send({ path, call: "get namespaces" }, signal));
    return [{ id: meta?.uid ?? name, name }];
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CallFault)) throw error;
    if (error.fault === "access_denied") return [{ id: name, name }];
    return [];
  }
}
