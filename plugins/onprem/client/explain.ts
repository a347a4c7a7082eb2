import type { CallFault } from "ckworker";
import { addressOf } from "../access/server.ts";
import { quoteHost, type SshCall, sshFault } from "./fault.ts";
import type { Visit } from "./visit.ts";

/** What the system says of connections that cannot be made, in words. */
const SYSTEM_CODES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "refuses connections; is its SSH server running, and the port right?",
  ECONNRESET: "cut the connection",
  EHOSTUNREACH: "cannot be reached from here",
  ENETUNREACH: "cannot be reached from here",
  ENOTFOUND: "is a name that nobody knows",
  EAI_AGAIN: "is a name that cannot be looked up now",
  ETIMEDOUT: "does not answer",
};

/** What a host and we have not in common, by what the package says about it. */
const NO_MATCH = /no matching ([\w ()>-]+?)( algorithm| format)?$/i;

/** Makes a fault with a line for people of what the package throws. */
export function explain(
  error: unknown,
  step: SshCall,
  visit: Visit,
  agentFault: string | undefined,
): CallFault {
  const { message } = error instanceof Error ? error : new Error(String(error));
  const address = addressOf(visit.server);
  const code = Reflect.get(Object(error), "code");
  const words = typeof code === "string" ? SYSTEM_CODES[code] : undefined;
  if (typeof code === "string" && words !== undefined) {
    return sshFault(step, code, `${address} ${words}`);
  }
  if (step === "ssh:Login" && /authentication methods failed/.test(message)) {
    return notLetIn(visit, agentFault);
  }
  if (step === "ssh:Login" && /too many authentication failures/i.test(message)) {
    const words = `${address} takes no further key; name the right one with --onprem-ssh-key`;
    return sshFault(step, "TooManyKeys", words, "access_denied");
  }
  if (/lost before handshake/.test(message)) {
    return sshFault(step, "Cut", `${address} closed the connection before it spoke SSH`);
  }
  const [, part] = NO_MATCH.exec(message) ?? [];
  if (part !== undefined) return noMatch(step, visit, part);
  return sshFault(step, "Protocol", `${address}: ${quoteHost(message)}`);
}

function notLetIn({ server, user, ways }: Visit, agentFault: string | undefined): CallFault {
  const agent = agentFault === undefined ? "" : `. The agent failed: ${quoteHost(agentFault)}`;
  const message = `${addressOf(server)} lets nobody in as ${user} with ${
    ways.map(({ title }) => title).join(" or ")
  }. Add one of them to authorized_keys of ${user} there${agent}`;
  return sshFault("ssh:Login", "NotLetIn", message, "access_denied");
}

function noMatch(step: SshCall, { server, expected }: Visit, part: string): CallFault {
  const address = addressOf(server);
  if (!/host key/i.test(part)) {
    const message = `${address} and ckworker have no ${part} algorithm in common`;
    return sshFault(step, "NoCommonAlgorithm", message);
  }
  const offered = expected.algorithms.join(", ");
  const message = `${address} shows no key of the types that are known of it (${offered}): ` +
    `it may be another host. Compare its keys before you add one`;
  return sshFault(step, "HostKeyType", message);
}
