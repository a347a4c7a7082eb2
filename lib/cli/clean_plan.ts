import type { SealedPlan } from "../cleanup/mod.ts";
import { CkError } from "../errors/mod.ts";
import type { CleanInvocation } from "./clean_options.ts";
import { cleanupCode, limitsOf } from "./clean_limits.ts";
import { renderDot, renderMermaid } from "./clean_plan_graph.ts";
import { renderPlanTable, renderPlanTree } from "./clean_plan_text.ts";
import { EXIT } from "./exit_codes.ts";
import { openStoreOf } from "./open_store.ts";
import { print } from "./print.ts";

/** `ckworker clean plan`: what would be deleted, in which order, and what would not and why. */
export async function runPlan(invocation: CleanInvocation): Promise<number> {
  const { host, settings, own, signal, log } = invocation;
  const { dropOldMarks, planStore, planText } = await cleanupCode();
  const limits = await limitsOf(settings);
  using store = await openStoreOf(invocation, "write");
  const dropped = await dropOldMarks(store, host.select, signal);
  for (const { kind, id } of dropped) {
    log.info("cleanup.mark.dropped", `${kind} ${id}: its query does not find it any more`);
  }
  const sealed = planStore(store, limits);
  if (own.out !== undefined) writePrivate(own.out, planText(sealed));
  const format = settings.output === "json" ? "json" : own.format;
  print(invocation, RENDERERS[format](sealed, planText));
  if (own.out !== undefined && format !== "json") {
    print(
      invocation,
      `Written to ${own.out}; carry it out with: ckworker clean apply ${own.out}\n`,
    );
  }
  return EXIT.ok;
}

type Format = CleanInvocation["own"]["format"];

const RENDERERS: Readonly<
  Record<Format, (sealed: SealedPlan, text: (sealed: SealedPlan) => string) => string>
> = {
  table: ({ plan }) => renderPlanTable(plan),
  tree: ({ plan }) => renderPlanTree(plan),
  json: (sealed, text) => text(sealed),
  dot: ({ plan }) => renderDot(plan),
  mermaid: ({ plan }) => renderMermaid(plan),
};

/** Replaces a file as a whole with one that only its owner may read. */
function writePrivate(path: string, text: string): void {
  const draft = `${path}.${crypto.randomUUID()}`;
  try {
    Deno.writeTextFileSync(draft, text, { mode: 0o600, createNew: true });
    Deno.renameSync(draft, path);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new CkError("output.failed", `Cannot write the plan to ${path}: ${why}`, {
      context: { subject: path },
      cause,
    });
  }
}
