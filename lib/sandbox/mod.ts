export type { ActionPort, TagOrder } from "./action_asks.ts";
export {
  type ChangerClock,
  ChangerGuests,
  type ChangerPlugin,
  type ChangerPorts,
  type ChangerSettings,
} from "./changer_guests.ts";
export { runGuestChild } from "./child.ts";
export { GUEST_COMMAND } from "./guest_command.ts";
export { type InspectedPlugin, inspectPlugin, type PluginFacts } from "./inspect_plugin.ts";
export { workerPermissions } from "./permissions.ts";
export * from "./plugins.ts";
export * from "./request.ts";
export { type Needs, revokeRights } from "./revoke.ts";
export { type ActionSetup, runActionGuest } from "./run_action_guest.ts";
export { startChanger } from "./start_changer.ts";
export { askDoctor, startGuest } from "./start_guest.ts";
