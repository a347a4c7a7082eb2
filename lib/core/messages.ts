import { z } from "zod";

type Data = Readonly<Record<string, unknown>>;

/** A step of a workflow that the core asks for. */
export interface Action {
  /** Name of the action: `collect`. */
  readonly messageType: string;
  /** Id of the workflow's task. */
  readonly task: string;
  readonly step: string;
  /** As it came: the answer carries it back. */
  readonly data: Data;
}

/** A unit of the work queue. */
export interface Task {
  readonly id: string;
  /** `tag`, or the name of an offered command. */
  readonly name: string;
  readonly data: Data;
  /** Ids of the node's cloud, account, region and zone, as far as known. */
  readonly attrs: Data;
}

/** A message that was read, or why it was not: nothing of what it said. */
export type Read<T> = { readonly value: T } | { readonly fault: string };

/** The same object comes out: no copy, no other order of keys. */
const dataSchema = z.custom<Data>(
  (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  "no object",
);
const messageSchema = z.object({ kind: z.string() });
const actionSchema = z.object({ message_type: z.string(), data: dataSchema });
const stepSchema = z.object({ task: z.string(), step: z.string() });
const taskSchema = z.object({
  task_id: z.string(),
  task_name: z.string(),
  data: dataSchema,
  attrs: dataSchema.default({}),
});

/** Reads what came on the socket of a subscriber. */
export function readAction(text: string): Read<Action> {
  const json = parse(text);
  const message = messageSchema.safeParse(json);
  if (!message.success) return { fault: json === undefined ? "no JSON" : "no message" };
  if (message.data.kind !== "action") {
    return { fault: `a message of kind "${message.data.kind.slice(0, 50)}"` };
  }
  const action = actionSchema.safeParse(json);
  const step = stepSchema.safeParse(action.data?.data);
  if (!action.success || !step.success) return { fault: "an action without its task and step" };
  const { message_type: messageType, data } = action.data;
  return { value: { messageType, task: step.data.task, step: step.data.step, data } };
}

/** Reads what came on the socket of the work queue. */
export function readTask(text: string): Read<Task> {
  const json = parse(text);
  const task = taskSchema.safeParse(json);
  if (!task.success) return { fault: json === undefined ? "no JSON" : "no task" };
  const { task_id: id, task_name: name, data, attrs } = task.data;
  return { value: { id, name, data, attrs } };
}

/** Tells the core that an action is done, or what went wrong. */
export function actionAnswer(action: Action, error?: string): string {
  const { messageType: message_type, task, step, data } = action;
  const answer = error === undefined
    ? { kind: "action_done", message_type, data }
    : { kind: "action_error", message_type, data: { ...data, error: oneLine(error) } };
  return fitting(
    answer,
    { ...answer, data: { task, step, ...(error === undefined ? {} : { error: oneLine(error) }) } },
  );
}

/** Tells the core the result of a task. */
export function taskAnswer(id: string, result: { data: unknown } | { error: string }): string {
  const answer = "error" in result
    ? { task_id: id, result: "error", error: oneLine(result.error) }
    : { task_id: id, result: "done", data: result.data ?? null };
  return fitting(answer, {
    task_id: id,
    result: "error",
    error: "The result is larger than a core takes",
  });
}

/** A core closes the connection at 4 MiB and loses the message. */
const MAX_BYTES = 4 * 1024 * 1024 - 1024;

/** The message, or the other when the core would not take it. */
function fitting(message: unknown, instead: unknown): string {
  const text = JSON.stringify(message);
  // A character takes at most three bytes.
  if (text.length * 3 < MAX_BYTES) return text;
  return new TextEncoder().encode(text).length < MAX_BYTES ? text : JSON.stringify(instead);
}

/** An error as one line of bounded length. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim().slice(0, 2_000).toWellFormed();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
