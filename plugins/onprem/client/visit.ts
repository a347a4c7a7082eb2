import type { Server } from "../access/server.ts";
import type { Expectation } from "./host_keys.ts";
import type { AuthMethod } from "./ssh2.d.ts";

/** How to get into a host. */
export interface Visit {
  readonly server: Server;
  readonly user: string;
  readonly methods: readonly AuthMethod[];
  readonly expected: Expectation;
  /** A key that is not known is taken all the same. */
  readonly acceptUnknown: boolean;
  /** Told of an unknown key that was taken. */
  readonly onAccepted: (message: string) => void;
}
