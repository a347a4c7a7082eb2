import { CALLS_NOTHING, madeUp, MAIN, type PluginCounterpart } from "./counterpart.ts";

/** It has nothing to be compared with but itself. */
export const random: PluginCounterpart = {
  plugin: "random",
  base: MAIN,
  start: (holding) => madeUp({ size: holding === "everything" ? 200 : 0 }),
  spared: CALLS_NOTHING,
};
