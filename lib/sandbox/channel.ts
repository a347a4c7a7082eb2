import type { SandboxError } from "../errors/mod.ts";
import type { HostMessage, Permissions } from "../sdk/mod.ts";

/** Code and rights of a guest. */
export interface GuestCode {
  /** Plugin's name, for messages. */
  readonly plugin: string;
  /** Module to run. */
  readonly url: string;
  readonly permissions: Permissions;
}

/** What comes out of a guest. */
export interface ChannelEvents {
  /** A message, unchecked. */
  message(data: unknown): void;
  /** The guest is lost: it threw, or its process ended. */
  fault(error: SandboxError): void;
}

/** The way to a guest, whether it lives in this process or in a child. */
export interface Channel {
  post(message: HostMessage): void;
  /** Ends the guest at once; resolves when nothing of it is left. */
  terminate(): Promise<void>;
}
