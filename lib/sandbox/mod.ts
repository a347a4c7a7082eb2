export { runGuestChild } from "./child.ts";
export { GUEST_COMMAND } from "./child_channel.ts";
export * from "./request.ts";
export { askDoctor, startGuest } from "./start_guest.ts";
