import type { Logger } from "../log/mod.ts";
import type { CoreRequest } from "./connection.ts";
import type { Dialect, GraphPaths } from "./dialect.ts";

/** How a commit speaks to its core. */
export interface Speech {
  readonly dialect: Dialect;
  readonly paths: GraphPaths;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal: AbortSignal;
  /** Makes a call. @throws CoreUnreachableError when no answer came */
  send(request: CoreRequest): Promise<Response>;
  /** Makes a call. @throws CoreUnreachableError, CoreRejectedError for any but a good answer */
  call(what: string, request: CoreRequest): Promise<Response>;
}
