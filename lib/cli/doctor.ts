import { z } from "zod";
import type { Examination } from "../collect/mod.ts";
import type { DoctorReport } from "../sdk/mod.ts";
import { collectRequest } from "./collect_request.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { print } from "./print.ts";
import { printable } from "./table.ts";

/** How many names of a list are shown before the rest is counted. */
const NAMES = 8;

/** `ckworker doctor`: what the collectors can reach with this configuration; writes nothing. */
export const doctor = defineCommand({
  name: "doctor",
  summary: "checks credentials, accounts, regions and denied calls; collects nothing",
  options: z.object({}),
  collects: true,
  run: examineAll,
});

async function examineAll(invocation: Invocation): Promise<number> {
  const { host, settings } = invocation;
  const request = collectRequest(invocation);
  await host.revokeRights({ fork: settings.fork, helpers: settings.allow_helper });
  const found = await host.examine(request);
  const text = settings.output === "json"
    ? `${JSON.stringify(found, null, 2)}\n`
    : found.map(renderExamination).join("\n");
  print(invocation, invocation.redact(text));
  return exitCodeOf(found);
}

/** 1 when a collector could not be examined, 3 when something is denied or out of reach. */
function exitCodeOf(found: readonly Examination[]): number {
  if (found.some(({ status }) => status === "failed")) return EXIT.failed;
  const accounts = found.flatMap(({ report }) => report?.accounts ?? []);
  const limited = accounts.some((account) =>
    account.denied.length > 0 || account.problem !== undefined
  );
  return limited ? EXIT.incomplete : EXIT.ok;
}

/** One collector: its credentials, then its accounts with what is denied and what that costs. */
export function renderExamination(found: Examination): string {
  const { name, status, reason, report, error } = found;
  if (report === undefined) {
    const why = [error?.message ?? reason, error?.hint ?? ""].filter((part) => part !== "");
    return printable(`${name}: ${status.replaceAll("_", " ")}: ${why.join(". ")}`) + "\n";
  }
  const lines = [`${name}: ${report.credentials}`, ...report.accounts.flatMap(accountLines)];
  return lines.map((line) => `${printable(line)}\n`).join("");
}

function accountLines(account: DoctorReport["accounts"][number]): string[] {
  const name = account.name === undefined ? account.id : `${account.name} (${account.id})`;
  if (account.problem !== undefined) return [`  account ${name}: ${account.problem}`];
  const regions = account.regions.length === 0 ? "none" : shorten(account.regions);
  return [
    `  account ${name}: regions ${regions}`,
    ...account.denied.map((denied) =>
      `    denied ${denied.call} (${denied.code}): costs ${shorten(denied.kinds)}${cure(denied)}`
    ),
    ...account.denied.length === 0 ? ["    every call that was tried is allowed"] : [],
  ];
}

function cure({ permission, policy }: { permission?: string; policy?: boolean }): string {
  if (policy === true) return "; a policy of the organisation forbids it";
  return permission === undefined ? "" : `; cured by ${permission}`;
}

function shorten(names: readonly string[]): string {
  if (names.length <= NAMES) return names.join(" ");
  return `${names.slice(0, NAMES).join(" ")} and ${names.length - NAMES} more`;
}
