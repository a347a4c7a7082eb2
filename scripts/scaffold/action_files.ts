/**
 * Files of a new action plugin, by path in its folder. It counts what is marked and changes nothing,
 * and passes all checks as it is.
 * @param name snake_case
 */
export function actionFiles(name: string): ReadonlyMap<string, string> {
  return new Map([
    ["manifest.ts", manifest(name)],
    ["action.ts", ACTION],
    ["worker.ts", WORKER],
  ]);
}

function manifest(name: string): string {
  const subscriber = name.replaceAll(/(^|_)([a-z0-9])/g, (_, __, letter) => letter.toUpperCase());
  const flag = name.replaceAll("_", "-");
  return `import { defineActionManifest } from "ckworker";
import { z } from "zod";

/** What the host knows of this plugin: data and pure functions. */
export const manifest = defineActionManifest({
  name: "${name}",
  type: "action",
  description: "Counts the nodes that are marked to be cleaned up",
  action: "post_cleanup_plan",
  subscriber: "${subscriber}Plugin",
  // What it may ask the host to do to nodes: mark, unmark, protect, note, tag.
  may: [],
  options: z.object({
    enabled: z.boolean().default(false).describe("Count marked nodes").meta({ bare: true }),
  }),
  enabled: ({ enabled }) => ({ enabled, reason: "--${flag}" }),
});
`;
}

const ACTION = `import { defineAction } from "ckworker";

/** Asks the graph, and would decide: the host carries out what the manifest allows. */
export const action = defineAction({
  async run({ dialect, query, log }) {
    const section = dialect === "fixcore" ? "/desired" : "desired";
    let marked = 0;
    for await (const record of query(\`\${section}.clean == true\`)) {
      if (record.type === "node") marked++;
    }
    log("info", "marked", \`\${marked} nodes are marked\`);
  },
});
`;

const WORKER = `import { serveAction } from "ckworker";
import { action } from "./action.ts";
import { manifest } from "./manifest.ts";

serveAction(action, manifest.options);
`;
