import { type ActionContext, CkError, defineAction, PluginError, readConfigText } from "ckworker";
import pMap from "p-map";
import { configSchema } from "./config.ts";
import { EXPIRATION, expirationsQuery, type Replacement, replacementFor } from "./rules.ts";

interface Options {
  readonly config?: string | undefined;
  readonly dry_run: boolean;
}

/** Tags that are changed at once. */
const AT_ONCE = 8;

/** Shortens expiration tags, by the file as it is at this run. */
export const action = defineAction<Options>({
  async run(context) {
    const { options, files, query, dialect, log } = context;
    const path = options.config ?? "";
    const config = await readConfigText(path, files, configSchema);
    if (config === undefined) return log("warn", "action.config", `${path} says nothing`);
    const replacements: Replacement[] = [];
    for await (const record of query(expirationsQuery(dialect, config))) {
      const found = record.type === "node" ? replacementFor(record, config, dialect) : undefined;
      if (found !== undefined) replacements.push(found);
    }
    await note(context, replacements);
    if (!options.dry_run) await replace(context, replacements);
  },
});

async function note(
  { options, decide }: ActionContext<Options>,
  replacements: readonly Replacement[],
): Promise<void> {
  const ending = options.dry_run ? " (dry run: left as it is)" : "";
  await decide(replacements.map(({ node, reason }) => ({
    type: "note",
    node,
    reason: `${reason}${ending}`.slice(0, 2_000),
  })));
}

/** One tag that cannot be changed is no reason to leave the others. */
async function replace(
  { tag, log, signal }: ActionContext<Options>,
  replacements: readonly Replacement[],
): Promise<void> {
  const failed: string[] = [];
  await pMap(replacements, async ({ node, value, reason }) => {
    try {
      await tag(node, { type: "setTag", key: EXPIRATION, value }, reason);
    } catch (thrown) {
      signal.throwIfAborted();
      if (!(thrown instanceof CkError)) throw thrown;
      failed.push(thrown.message);
      log("error", "tag.failed", `The tag of ${node} was not changed: ${thrown.message}`);
    }
  }, { concurrency: AT_ONCE });
  if (failed.length === 0) return;
  throw new PluginError(
    `${failed.length} of ${replacements.length} tags were not changed: ${failed[0]}`,
  );
}
