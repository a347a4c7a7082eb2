export type {
  ChangerClock as TagClock,
  ChangerPlugin as TagPlugin,
  ChangerPorts,
  ChangerSettings,
} from "../sandbox/mod.ts";
export { TagTasks, type TagTasksOptions } from "./tag_tasks.ts";
export { type NodeTagging, tagNode } from "./tag_node.ts";
