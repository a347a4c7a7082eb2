import { CallFault, callsSchema, type CloudFault } from "ckworker";
import calls from "../calls.json" with { type: "json" };

/** Calls, as declared in calls.json. */
export type SshCall = "ssh:Connect" | "ssh:Login" | "ssh:ReadFacts";

/** What each needs, as told to users. */
const PERMISSIONS = new Map(
  callsSchema.parse(calls).map(({ call, permissions }) => [call, permissions]),
);

/** A step of a host's visit that failed for good. */
export function sshFault(
  call: SshCall,
  code: string,
  message: string,
  fault: CloudFault = "request",
): CallFault {
  const verdict = { fault, code, message };
  return new CallFault(call, verdict, PERMISSIONS.get(call) ?? [], { plugin: "onprem" });
}

/** Text of a host as part of a line: one line, no control characters, not long. */
export function quoteHost(text: string, most = 200): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim().slice(0, most);
}
