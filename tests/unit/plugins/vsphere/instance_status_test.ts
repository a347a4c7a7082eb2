import assert from "node:assert/strict";
import { instanceStatus } from "../../../../plugins/vsphere/engine/instance_status.ts";

const CASES: readonly (readonly [string | undefined, string | undefined, string])[] = [
  ["running", "poweredOn", "running"],
  ["shuttingDown", "poweredOn", "busy"],
  ["resetting", "poweredOn", "busy"],
  ["notRunning", "poweredOff", "stopped"],
  ["notRunning", "suspended", "stopped"],
  ["standby", "suspended", "stopped"],
  // Without VMware Tools the guest is always notRunning.
  ["notRunning", "poweredOn", "running"],
  ["unknown", "poweredOn", "running"],
  [undefined, "poweredOff", "stopped"],
  [undefined, undefined, "unknown"],
  ["something new", undefined, "unknown"],
  ["toString", "poweredOff", "stopped"],
  ["pending", undefined, "busy"],
  ["shutting-down", undefined, "busy"],
  ["stopping", undefined, "busy"],
  ["terminated", undefined, "terminated"],
  ["notRunning", undefined, "stopped"],
];

for (const [guest, power, status] of CASES) {
  Deno.test(`vSphere: a guest ${guest} in a machine ${power} is ${status}`, () => {
    assert.equal(instanceStatus(guest, power), status);
  });
}
