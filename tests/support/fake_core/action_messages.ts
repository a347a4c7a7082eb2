import { z } from "zod";
import type { CoreDialect } from "./dialect.ts";
import { canonical, type JsonObject, section } from "./json.ts";

/** An action as it went out to a subscriber. */
export interface SentAction {
  readonly message_type: string;
  readonly data: JsonObject;
}

const at = z.string().regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/);
const path = z.array(z.string()).min(1).optional();
const leaf = z.strictObject({
  kind: z.literal("progress"),
  name: z.string(),
  path,
  current: z.int().min(0),
  total: z.int().min(1),
}).refine(({ current, total }) => current <= total, "current is more than total");
const tree = z.strictObject({
  kind: z.literal("tree"),
  name: z.string(),
  path,
  parts: z.array(leaf),
});
const ids = { task: z.string(), step: z.string() };

const data = {
  action_done: z.looseObject(ids),
  action_error: z.looseObject({ ...ids, error: z.string().optional() }),
  action_progress: z.looseObject({
    ...ids,
    context: z.array(z.string()).optional(),
    progress: z.union([leaf, tree]),
    at,
  }),
  action_info: z.looseObject({ ...ids, level: z.enum(["info", "error"]), message: z.string() }),
};

const message = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("action_done"),
    message_type: z.string(),
    data: data.action_done,
  }),
  z.strictObject({
    kind: z.literal("action_error"),
    message_type: z.string(),
    data: data.action_error,
  }),
  z.strictObject({
    kind: z.literal("action_progress"),
    message_type: z.string(),
    data: data.action_progress,
  }),
  z.strictObject({
    kind: z.literal("action_info"),
    message_type: z.string(),
    data: data.action_info,
  }),
]);

export type ActionMessage = z.output<typeof message>;

/** Reads what a subscriber says. @returns the message, or what is wrong with it */
export function readActionMessage(json: JsonObject, dialect: CoreDialect): ActionMessage | string {
  const read = message.safeParse(json);
  if (!read.success) return z.prettifyError(read.error);
  const { kind } = read.data;
  const isLater = kind === "action_progress" || kind === "action_info";
  return isLater && dialect === "ckcore" ? `${kind} is not known` : read.data;
}

/** What is wrong with an answer to this action; the data must come back as it was sent. */
export function answerProblem(answer: ActionMessage, sent: SentAction): string | undefined {
  if (answer.message_type !== sent.message_type) {
    return `message_type is ${answer.message_type}, not ${sent.message_type}`;
  }
  const back = Object.fromEntries(
    Object.entries(section(answer, "data")).filter(([name]) =>
      name !== "error" || name in sent.data
    ),
  );
  return canonical(back) === canonical(sent.data) ? undefined : "data is not what was sent";
}
