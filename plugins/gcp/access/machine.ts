import { type Machine, thisMachine } from "ckworker";

/** What the plugin takes from the machine; tests give their own. */
export interface GcpMachine extends Machine {
  readFile(path: string): Promise<string>;
}

/** The machine that the guest runs on. */
export const thisGcpMachine: GcpMachine = {
  ...thisMachine,
  readFile: (path) => Deno.readTextFile(path),
};
