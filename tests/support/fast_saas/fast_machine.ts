import { type Machine, thisMachine } from "ckworker";

/** How much faster than on the wall the time of a guest goes. */
const SPEED = 100;

const started = Date.now();

/** The true machine, where minutes of waiting are over in a second and a request may take 1 s. */
export const fastMachine: Machine = {
  ...thisMachine,
  clock: {
    ...thisMachine.clock,
    now: () => started + (Date.now() - started) * SPEED,
    sleep: (ms, signal) => thisMachine.clock.sleep(ms / SPEED, signal),
  },
  requestMs: 1_000,
};
