import { type CkError, CoreRejectedError, CoreUnreachableError } from "../errors/mod.ts";
import type { LogLevel } from "../log/mod.ts";

/** Why there is no connection; every kind is said once when it begins. */
export type TroubleKind =
  | "unreachable"
  | "unauthorized"
  | "taken"
  | "contested"
  | "refused"
  | "short";

export interface Trouble {
  readonly kind: TroubleKind;
  /** What the core or the network said, for people. */
  readonly reason: string;
  /** What the core asked to wait, milliseconds. */
  readonly retryAfterMs: number | undefined;
}

/** How a kind of trouble is said. */
export interface TroubleNotice {
  readonly level: LogLevel;
  readonly text: string;
  /** It is said when it came so often one after the other. */
  readonly tries: number;
}

export const NOTICES: Readonly<Record<TroubleKind, TroubleNotice>> = {
  unreachable: { level: "warn", tries: 1, text: "The core cannot be reached; trying again" },
  // The first time it may be a token that expired on its way.
  unauthorized: {
    level: "error",
    tries: 2,
    text: "The core refuses our token: use the pre-shared key of the core with --psk or " +
      "CKWORKER_PSK and compare the clocks of both machines; trying again slowly",
  },
  taken: {
    level: "info",
    tries: 1,
    text: "The core still has another connection under this subscriber id; trying again",
  },
  contested: {
    level: "error",
    tries: 1,
    text: "Another worker uses this subscriber id: give each worker its own with " +
      "--ckcore-subscriber-id, at a fixcore with --subscriber-id; trying again",
  },
  refused: { level: "error", tries: 1, text: "The core refuses the connection; trying again" },
  short: {
    level: "warn",
    tries: 1,
    text: "The core closes each connection at once; trying again with growing waits",
  },
};

/** Says what an error of an attempt means. */
export function troubleOf(error: CkError): Trouble {
  return {
    kind: kindOf(error),
    reason: error.hint === undefined ? error.message : `${error.message} (${error.hint})`,
    retryAfterMs: error instanceof CoreUnreachableError ? error.retryAfterMs : undefined,
  };
}

function kindOf(error: CkError): TroubleKind {
  if (!(error instanceof CoreRejectedError)) return "unreachable";
  if (error.status === 401) return "unauthorized";
  return error.status === 429 ? "taken" : "refused";
}
