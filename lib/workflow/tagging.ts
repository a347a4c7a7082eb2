import type { Store } from "../store/mod.ts";
import { TagTasks } from "../tags/mod.ts";
import type { WorkflowPorts, WorkflowRequest } from "./request.ts";

/** A guest that changes nodes ends when there was nothing to do for so long, milliseconds. */
export const CHANGER_IDLE_MS = 60_000;
/** Bounds of the changes of tags at hand. */
const LIMITS = { concurrency: 20, waiting: 10_000, taskMs: 300_000 } as const;

/** What tags are changed with; dispose it to end its guests. */
export function taggingOf(
  { kinds }: Store,
  { changers, changer, log, now }: WorkflowRequest,
  ports: WorkflowPorts,
): TagTasks {
  return new TagTasks({
    plugins: changers,
    kinds,
    ports,
    settings: { ...changer, idleMs: CHANGER_IDLE_MS, log },
    limits: LIMITS,
    clock: { now, sleep: ports.sleep },
  });
}
