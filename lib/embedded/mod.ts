export { embeddedCore } from "./embedded_core.ts";
export { selectNodes } from "./select_nodes.ts";
export type { EmbeddedOptions } from "./store_source.ts";
