import type { GuestMessage } from "./protocol.ts";

/** A guest's end of the border. */
export interface GuestPort {
  /** Name of the plugin. */
  readonly name: string;
  post(message: GuestMessage, transfer?: Transferable[]): void;
  /** Gives every message of the host, as it came. */
  listen(receive: (data: unknown) => void): void;
}

/** What a guest needs of the scope that it runs in. */
interface GuestScope {
  readonly name: string;
  postMessage(message: unknown, transfer: Transferable[]): void;
  addEventListener(type: "message", listener: (event: MessageEvent) => void): void;
}

/** The port of the Web Worker that this module is loaded in. */
export function workerPort(): GuestPort {
  // The global type is that of a window where this module is checked for the host.
  const scope = globalThis as unknown as GuestScope;
  return {
    name: scope.name,
    post: (message, transfer = []) => scope.postMessage(message, transfer),
    listen: (receive) => scope.addEventListener("message", (event) => receive(event.data)),
  };
}
