import { z } from "zod";

const name = z.string().min(1).max(2_000);
const reason = z.string().min(1).max(2_000);

/** Decisions in one message. */
export const MAX_DECISIONS = 500;

const decisionSchema = z.strictObject({
  type: z.enum(["mark", "unmark", "protect", "note"]),
  /** Id of the node in the graph. */
  node: name,
  /** Goes into the node's event log. */
  reason,
});

/**
 * What an action plugin decides about a node. `mark`: it shall be cleaned up; `unmark`: it shall
 * not; `protect`: nobody may clean it up; `note`: only the reason is kept.
 */
export type Decision = Readonly<z.infer<typeof decisionSchema>>;

const tagChangeSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("setTag"), key: name, value: z.string().max(10_000) }),
  z.strictObject({ type: z.literal("removeTag"), key: name }),
]);

/** A change of one tag of a node, in the cloud. */
export type TagChange = Readonly<z.infer<typeof tagChangeSchema>>;

/** A request of an action plugin: for what it needs to know, or for what it wants done. */
export const askSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("query"), text: z.string().max(200_000) }),
  z.strictObject({ type: z.literal("aggregate"), text: z.string().max(200_000) }),
  z.strictObject({
    type: z.literal("decide"),
    decisions: z.array(decisionSchema).min(1).max(MAX_DECISIONS),
  }),
  z.strictObject({ type: z.literal("tag"), node: name, change: tagChangeSchema, reason }),
]);
export type Ask = z.infer<typeof askSchema>;
