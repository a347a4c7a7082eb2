export type { ChangerPorts, ChangerSettings, TagClock, TagPlugin } from "./changer_guests.ts";
export { TagTasks, type TagTasksOptions } from "./tag_tasks.ts";
