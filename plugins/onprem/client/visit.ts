import type { Server } from "../access/server.ts";
import type { Expectation } from "./host_keys.ts";
import type { AuthMethod } from "./ssh2.d.ts";

/** One way to log in, and what it is called for people. */
export interface Way {
  readonly title: string;
  readonly method: AuthMethod;
}

/** How to get into a host. */
export interface Visit {
  readonly server: Server;
  readonly user: string;
  /** In the order in which they are tried. */
  readonly ways: readonly Way[];
  readonly expected: Expectation;
  /** A key that is not known is taken all the same. */
  readonly acceptUnknown: boolean;
  /** Told of an unknown key that was taken. */
  readonly onAccepted: (message: string) => void;
}
