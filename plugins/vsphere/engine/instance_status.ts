/** Status of an instance by state of its guest, as it always was. */
const BY_GUEST: Readonly<Record<string, string>> = {
  pending: "busy",
  "shutting-down": "busy",
  stopping: "busy",
  running: "running",
  terminated: "terminated",
  notRunning: "stopped",
  // What vSphere really says beside.
  shuttingDown: "busy",
  resetting: "busy",
  standby: "stopped",
};

/**
 * The state of the guest, told by VMware Tools, decides. Without them it is `notRunning` or nothing
 * at all, whatever the machine does, so a machine that is switched on is never called stopped, nor
 * one that is off unknown.
 */
export function instanceStatus(guestState: unknown, powerState: unknown): string {
  const guest = typeof guestState === "string" && Object.hasOwn(BY_GUEST, guestState)
    ? BY_GUEST[guestState] ?? "unknown"
    : "unknown";
  if (powerState === "poweredOn") {
    return guest === "stopped" || guest === "unknown" ? "running" : guest;
  }
  const isOff = powerState === "poweredOff" || powerState === "suspended";
  return isOff && guest === "unknown" ? "stopped" : guest;
}
