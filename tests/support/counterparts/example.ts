import { CALLS_NOTHING, madeUp, MAIN, type PluginCounterpart } from "./counterpart.ts";

/** It has nothing to be compared with but itself. */
export const example: PluginCounterpart = {
  plugin: "example",
  base: MAIN,
  start: () => madeUp({}),
  spared: CALLS_NOTHING,
};
