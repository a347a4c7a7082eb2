import { CloudError } from "ckworker";
import { member } from "../engine/path.ts";
import type { Connection } from "./connection.ts";
import type { Credentials, Provider } from "./session.ts";

/** How a role is assumed. */
export interface RoleRequest {
  readonly arn: string;
  readonly sessionName: string;
  readonly externalId?: string;
}

/** ARN of a role, given its name with or without path, or the ARN itself. */
export function roleArn(partition: string, account: string, role: string): string {
  if (role.startsWith("arn:")) return role;
  return `arn:${partition}:iam::${account}:role/${role.replace(/^\/+/, "")}`;
}

/** Credentials of a role, assumed with those of a connection. */
export function assumeRole(connection: Connection, request: RoleRequest): Provider {
  return async () => {
    const answer = await connection.send("sts", "AssumeRole", {
      RoleArn: request.arn,
      RoleSessionName: request.sessionName,
      ...(request.externalId === undefined ? {} : { ExternalId: request.externalId }),
    });
    return toCredentials(member(answer, "Credentials"));
  };
}

function toCredentials(answer: unknown): Credentials {
  const accessKeyId = member(answer, "AccessKeyId");
  const secretAccessKey = member(answer, "SecretAccessKey");
  const sessionToken = member(answer, "SessionToken");
  const expiration = member(answer, "Expiration");
  if (typeof accessKeyId !== "string" || typeof secretAccessKey !== "string") {
    throw new CloudError("request", "sts:AssumeRole answered without credentials");
  }
  return {
    accessKeyId,
    secretAccessKey,
    ...(typeof sessionToken === "string" ? { sessionToken } : {}),
    ...(expiration instanceof Date ? { expiration } : {}),
  };
}
