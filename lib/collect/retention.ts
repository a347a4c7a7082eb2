import { prune, type Store } from "../store/mod.ts";
import type { CollectRequest } from "./request.ts";

const UNIT_MS: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** Milliseconds of a span such as `90d`, which the settings have checked. */
export function spanMs(span: string): number {
  return Number(span.slice(0, -1)) * (UNIT_MS[span.slice(-1)] ?? 0);
}

/** Forgets runs and history beyond what the user keeps (`--keep-history`, `--keep-runs`). */
export function keepWithin(store: Store, keep: CollectRequest["store"], now: Date): void {
  prune(store, {
    before: new Date(now.getTime() - spanMs(keep.keepHistory)),
    ...(keep.keepRuns === undefined ? {} : { keepRuns: keep.keepRuns }),
  });
}
