import { spanMs } from "../config/mod.ts";
import { prune, type Store } from "../store/mod.ts";
import type { CollectRequest } from "./request.ts";

/** Forgets runs and history beyond what the user keeps (`--keep-history`, `--keep-runs`). */
export function keepWithin(store: Store, keep: CollectRequest["store"], now: Date): void {
  prune(store, {
    before: new Date(now.getTime() - spanMs(keep.keepHistory)),
    ...(keep.keepRuns === undefined ? {} : { keepRuns: keep.keepRuns }),
  });
}
