export { embeddedCore, type EmbeddedOptions } from "./embedded_core.ts";
export { selectNodes } from "./select_nodes.ts";
