import type { CollectContext } from "ckworker";
import type { Logins } from "./access/logins.ts";
import { addressOf, type Server } from "./access/server.ts";
import { quoteHost, sshFault } from "./client/fault.ts";
import { expectKeyOf } from "./client/host_keys.ts";
import type { Machine } from "./client/machine.ts";
import { runOn } from "./client/session.ts";
import { factsCommand } from "./facts/command.ts";
import { type Facts, toFacts } from "./facts/facts.ts";
import { readSections } from "./facts/sections.ts";
import type { OnpremOptions } from "./options.ts";

/** What the visits of one run share. */
export interface OnpremRun {
  readonly context: CollectContext<OnpremOptions>;
  readonly machine: Machine;
  readonly logins: Logins;
}

/**
 * Logs in to a host and reads what it tells of itself.
 * @throws CallFault when nothing could be read
 */
export async function readFacts(run: OnpremRun, server: Server): Promise<Facts> {
  const { context, machine, logins } = run;
  const { accept_unknown_hosts: acceptUnknown, ssh_user } = context.options;
  const user = server.user ?? ssh_user;
  const mark = `ckworker-${crypto.randomUUID()}`;
  const into = {
    server,
    user,
    ways: logins.ways(user),
    expected: expectKeyOf(server, logins.knownHosts),
    acceptUnknown,
    onAccepted: (message: string) => context.log("warn", "onprem.host_key", message),
  };
  const { stdout, stderr, code } = await runOn(into, factsCommand(mark), machine, context.signal);
  const sections = readSections(stdout, stderr, mark);
  if (Object.keys(sections).length > 0) return toFacts(sections);
  const said = quoteHost(stderr) || quoteHost(stdout) || "nothing";
  const message = `${addressOf(server)} did not run what it was asked to, and ended with code ` +
    `${code}. It says: ${said}`;
  throw sshFault("ssh:ReadFacts", "NotRun", message);
}
