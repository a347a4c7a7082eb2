import { exportStore, openStore } from "../../../lib/store/mod.ts";
import { plugins } from "../../../plugins/mod.ts";
import { collectorOf, makePluginStore } from "../counterparts/plugin_store.ts";

const MAIN = new URL("../../../main.ts", import.meta.url);

/** What `ckworker export` writes after the made-up plugins have collected. */
export async function graphText(
  of: readonly (readonly [plugin: string, options: Readonly<Record<string, unknown>>])[] = [
    ["example", {}],
  ],
): Promise<string> {
  await using store = await makePluginStore(MAIN);
  await store.collect(of.map(([plugin, options]) => collectorOf(plugin, { options })));
  const kinds = plugins.flatMap(({ model }) => model.kinds);
  using opened = await openStore({ path: store.path, kinds, mode: "read", now: () => new Date() });
  const parts: string[] = [];
  const decoder = new TextDecoder();
  await exportStore(opened, { format: "ndjson" }, {
    write: (bytes) => void parts.push(decoder.decode(bytes)),
  });
  return parts.join("");
}

/** A graph with some of its lines changed, or dropped where `change` gives nothing; the end fits. */
export function changeGraph(
  text: string,
  change: (record: GraphLine) => object | string | undefined,
): string {
  const records = text.trimEnd().split("\n").map((line): GraphLine => JSON.parse(line));
  const changed = records.filter(({ type }) => type !== "end").flatMap((record) => {
    const next = change(record);
    return next === undefined ? [] : [typeof next === "string" ? next : JSON.stringify(next)];
  });
  return withEnd(changed.flatMap((line) => line.split("\n")));
}

/** Lines with the end that fits them. */
export function withEnd(lines: readonly string[]): string {
  const end = { type: "end", nodes: lines.length, edges: 0, whole: true };
  return [...lines, JSON.stringify(end), ""].join("\n");
}

/** A line of an export, as far as tests change it. */
export interface GraphLine {
  readonly type: string;
  readonly kind?: string;
  readonly id?: string;
  readonly node_id?: string;
  readonly from?: string;
  readonly to?: string;
  readonly reported?: Readonly<Record<string, unknown>>;
}
