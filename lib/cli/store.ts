import { z } from "zod";
import { spanMs } from "../config/mod.ts";
import { ConfigError } from "../errors/mod.ts";
import type { ForgetPlan } from "../store/mod.ts";
import { defineCommand, type Invocation } from "./command.ts";
import { EXIT } from "./exit_codes.ts";
import { filterOf, filterOptions, openStoreOf, storeCode } from "./open_store.ts";
import { print, printJson } from "./print.ts";
import { renderTable } from "./table.ts";

const options = z.object({
  keep_history: z.string().regex(/^[1-9]\d{0,4}[mhdw]$/, "must be a span such as 90d, 12h or 8w")
    .optional().describe("prune: drop runs and history that are older")
    .meta({ placeholder: "SPAN" }),
  keep_runs: z.int().min(1).optional().describe("prune: how many runs to keep"),
  compact: z.boolean().default(false).describe("prune: give freed space back to the file system"),
  yes: z.boolean().default(false).describe("forget: do not ask"),
  ...filterOptions,
});
type Own = Invocation<z.output<typeof options>>;

const ACTIONS: Readonly<Record<string, (invocation: Own) => Promise<number>>> = {
  check: runCheck,
  backup: runBackup,
  prune: runPrune,
  forget: runForget,
};

/** `ckworker store …`: care of the store's file. */
export const store = defineCommand({
  name: "store",
  summary: "checks, backs up or thins out the store, or forgets a part of it",
  usage: "check|backup FILE|prune|forget",
  positionals: 2,
  options,
  candidates: () => Object.keys(ACTIONS),
  run: runAction,
});

function runAction(invocation: Own): Promise<number> {
  const [name = "", file] = invocation.positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action !== undefined && (file !== undefined) === (name === "backup")) {
    return action(invocation);
  }
  const asked = invocation.positionals.join(" ");
  throw new ConfigError(asked === "" ? "no action named" : `ckworker store cannot ${asked}`, {
    hint: "Write one of: check, backup FILE, prune, forget; see ckworker store --help",
  });
}

async function runCheck(invocation: Own): Promise<number> {
  const { checkStore } = await storeCode();
  using opened = await openStoreOf(invocation, "read");
  const problems = checkStore(opened);
  if (invocation.settings.output === "json") printJson(invocation, problems);
  else if (problems.length === 0) print(invocation, `${opened.path}: all is well\n`);
  else {
    const rows = problems.map(({ problem, count }) => [problem, count]);
    print(invocation, renderTable(["PROBLEM", "ROWS"], rows));
  }
  return problems.length === 0 ? EXIT.ok : EXIT.failed;
}

async function runBackup(invocation: Own): Promise<number> {
  const [, file = ""] = invocation.positionals;
  const { backup } = await storeCode();
  using opened = await openStoreOf(invocation, "read");
  backup(opened, file);
  if (invocation.settings.output === "json") printJson(invocation, { from: opened.path, to: file });
  else print(invocation, `${opened.path} copied to ${file}\n`);
  return EXIT.ok;
}

async function runPrune(invocation: Own): Promise<number> {
  const { own, host } = invocation;
  const { keep_history: span, keep_runs: keepRuns, compact } = own;
  if (span === undefined && keepRuns === undefined && !compact) {
    throw new ConfigError("nothing to prune", {
      hint: "Give --keep-history SPAN, --keep-runs N or --compact",
    });
  }
  const { prune } = await storeCode();
  using opened = await openStoreOf(invocation, "write");
  const stats = prune(opened, {
    ...(span === undefined ? {} : { before: new Date(host.io.now().getTime() - spanMs(span)) }),
    ...(keepRuns === undefined ? {} : { keepRuns }),
    compact,
  });
  if (invocation.settings.output === "json") printJson(invocation, stats);
  else {
    print(invocation, `${stats.runs} runs and ${stats.history} former states of nodes dropped\n`);
  }
  return EXIT.ok;
}

async function runForget(invocation: Own): Promise<number> {
  const { forget, planForget } = await storeCode();
  using opened = await openStoreOf(invocation, "write");
  const filter = filterOf(invocation.own);
  const plan = planForget(opened, filter);
  const json = invocation.settings.output === "json";
  if (plan.kinds.length === 0 && plan.scopes === 0) {
    if (json) printJson(invocation, plan);
    else print(invocation, "Nothing in the store matches\n");
    return EXIT.ok;
  }
  if (!json) print(invocation, renderPlan(plan));
  if (!invocation.own.yes) confirmForget(invocation, json ? renderPlan(plan) : "");
  const forgotten = forget(opened, filter);
  if (json) printJson(invocation, forgotten);
  else print(invocation, "Forgotten\n");
  return EXIT.ok;
}

function confirmForget({ host }: Own, plan: string): void {
  const answer = host.io.ask(`${plan}Forget all of this? [y/N]`);
  if (answer !== null && /^y(es)?$/i.test(answer.trim())) return;
  throw new ConfigError("nothing was forgotten", {
    hint: answer === null ? "Repeat it with --yes to forget without being asked" : "",
  });
}

function renderPlan({ kinds, scopes }: ForgetPlan): string {
  const rows = kinds.map(({ kind, nodes }) => [kind, nodes]);
  return `${renderTable(["KIND", "NODES"], rows)}in ${scopes} ${
    scopes === 1 ? "scope" : "scopes"
  }\n`;
}
