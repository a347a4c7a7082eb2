import { z } from "zod";
import { CallFault } from "./call_fault.ts";
import type { Connection } from "./connection.ts";

const schema = z.object({ gitVersion: z.string(), platform: z.string().optional() });

/**
 * Version and platform of an API server, as properties.
 * @throws CallFault when it cannot be reached, or is no API server
 */
export async function readVersion(
  connection: Pick<Connection, "send" | "account">,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const request = { path: "/version", call: "version", permission: "get /version" };
  const parsed = schema.safeParse(await connection.send(request, signal));
  if (parsed.success) {
    const { gitVersion, platform } = parsed.data;
    return {
      cluster_version: gitVersion,
      ...(platform === undefined ? {} : { cluster_platform: platform }),
    };
  }
  const message = "what answered is no API server of Kubernetes";
  const place = { call: "version", account: connection.account };
  throw new CallFault("request", place, { status: 200, reason: "NoApiServer", message });
}
