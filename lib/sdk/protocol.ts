import { z } from "zod";
import { wireErrorSchema } from "../errors/mod.ts";
import { OUTCOMES } from "../model/mod.ts";
import { askSchema } from "./action/act_messages.ts";
import { GENERATIONS } from "./action/records.ts";
import type { ChangeNode, ChangeResult, NodeChange } from "./changer.ts";
import { COLLECT_FILTERS } from "./collector.ts";
import { kindSchema } from "./plugin_schema.ts";

/**
 * The guest protocol: every message between a host and a guest, both ways. All of it is data that
 * survives JSON, so that a guest may live behind a pipe as well as behind a port; the one exception
 * is the stream of lines, which a port transfers and a pipe carries beside the messages.
 *
 *     host                          guest
 *       ◀──────────── ready ──────────
 *       ─ start, with a mode ────────▶   or inspect (third-party plugins)
 *       ◀─ logs stats learned ────────
 *       ◀─ helper · helperResult ────▶
 *       ─ ping · ◀ pong ──────────────   all the time
 *       ─ stop ──────────────────────▶   at most once
 *       ◀─ done | error ──────────────   the last message
 *
 * What comes between start and end depends on the mode:
 *
 *     collect   ◀ stream, which begins it · ◀ progress accounts regions
 *     doctor    ◀ doctorReport
 *     change    ◀ serving, which begins it · ─ change, cancel ▶ · ◀ changed, one for each change
 *     act       ◀ ask · ─ answer ▶, in parts where it is long: ◀ more for each further one, or
 *               ◀ leave for no more of them
 *     inspect   ◀ inspected
 *
 * A guest that serves ends when it is told to stop, after it has answered what it was asked.
 *
 * The host believes nothing: a message that does not parse is a protocol fault of that guest.
 */

export { PARSING } from "./parsing.ts";

const text = z.string().max(20_000);
const name = z.string().max(2_000);
const count = z.number().nonnegative();

const logLevelSchema = z.enum(["debug", "info", "warn", "error", "critical"]);
const fieldSchema = z.union([text, z.number(), z.boolean(), z.null(), z.undefined()]);

export const logEntrySchema = z.strictObject({
  level: logLevelSchema,
  event: name,
  message: text,
  fields: z.record(name, fieldSchema),
});
export type LogEntry = z.infer<typeof logEntrySchema>;

export const progressSchema = z.strictObject({
  account: name,
  done: count,
  total: count,
  label: name,
});
/** Progress of one account. */
export type Progress = z.infer<typeof progressSchema>;

const accountReportSchema = z.strictObject({
  cloud: name,
  complete: z.boolean(),
  source: name.exactOptional(),
  accounts: z.array(z.strictObject({ id: name, name: name.exactOptional() })).max(100_000),
  skipped: z.array(z.strictObject({ id: name, reason: text })).max(100_000),
  unfiltered: z.boolean(),
  filters: z.array(z.enum(COLLECT_FILTERS)).max(COLLECT_FILTERS.length).exactOptional(),
});

const regionReportSchema = z.strictObject({
  cloud: name,
  account: name,
  notEnabled: z.array(name).max(10_000),
  whole: z.array(name).max(100_000).exactOptional(),
  listed: z.array(name).max(10_000).exactOptional(),
});

const callStatsSchema = z.strictObject({
  call: name,
  account: name,
  region: name,
  count,
  errors: count,
  throttles: count,
  retries: count,
  totalMs: count,
  maxMs: count,
  waitedMs: count,
});

const budgetSchema = z.strictObject({ key: name, rate: count.nullable(), at: name });

const scopeKeySchema = z.strictObject({ cloud: name, account: name, region: name, resource: name });

/** What a failed call of a scope was; see `ScopeFault`. */
export const scopeFaultSchema = z.strictObject({
  call: name,
  code: name,
  message: text,
  permission: name.exactOptional(),
  policy: z.boolean().exactOptional(),
  count,
});

/** How a scope ended; see `ScopeResult`. */
export const scopeResultSchema = z.strictObject({
  outcome: z.enum(OUTCOMES),
  faults: z.array(scopeFaultSchema),
});

export const doctorReportSchema = z.strictObject({
  credentials: text,
  accounts: z.array(z.strictObject({
    id: name,
    name: name.exactOptional(),
    regions: z.array(name).readonly(),
    denied: z.array(scopeFaultSchema.extend({ kinds: z.array(name).readonly() })).readonly(),
    problem: text.exactOptional(),
  })).readonly(),
});

/** Tags of one node. */
const tagsSchema = z.record(text, text).refine((tags) => Object.keys(tags).length <= 1_000, {
  error: "too many tags",
});

const placeSchema = z.strictObject({ id: name, name });
const valuesSchema = z.record(z.string(), z.unknown());

const changeNodeSchema = z.strictObject({
  kind: name,
  id: name,
  name,
  cloud: name,
  account: placeSchema.extend({ reported: valuesSchema }),
  region: placeSchema.exactOptional(),
  zone: name.exactOptional(),
  reported: valuesSchema,
}) satisfies z.ZodType<ChangeNode>;

const nodeChangeSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("setTag"), key: text, value: text }),
  z.strictObject({ type: z.literal("removeTag"), key: text }),
  z.strictObject({ type: z.literal("prepare") }),
  z.strictObject({ type: z.literal("delete") }),
  z.strictObject({ type: z.literal("read") }),
]) satisfies z.ZodType<NodeChange>;

const changeResultSchema = z.strictObject({
  outcome: z.enum(["done", "gone"]),
  tags: tagsSchema.exactOptional(),
  read: z.strictObject({
    name: name.exactOptional(),
    reported: valuesSchema,
    unknown: z.array(name).max(5_000).readonly(),
    phantom: z.boolean().exactOptional(),
    protected: z.boolean().exactOptional(),
  }).exactOptional(),
}) satisfies z.ZodType<ChangeResult>;

/** Clouds with their kinds, see `LentCloud`. */
export const lentCloudsSchema = z.array(
  z.strictObject({ cloud: name, kinds: z.array(kindSchema) }),
);

/** What every start says, whatever the mode. */
const startShape = {
  type: z.literal("start"),
  /** Cloud of scopes and reports that name none. */
  cloud: name,
  options: z.record(z.string(), z.unknown()),
  /** ISO time. */
  now: z.iso.datetime(),
  caCertificates: z.string().exactOptional(),
  budgets: z.array(budgetSchema),
  /** Text of a third-party plugin; the host has checked it against its pin. */
  source: z.string().exactOptional(),
};

const collectShape = {
  ...startShape,
  shard: z.strictObject({ index: z.int(), of: z.int() }),
  sensitive: z.strictObject({ keep: z.boolean(), key: z.string() }),
  resumed: z.array(scopeKeySchema),
  /** Clouds of other plugins that it may yield; absent: none. */
  lent: lentCloudsSchema.exactOptional(),
};

/** What a guest is started for. */
const startSchema = z.discriminatedUnion("mode", [
  /** Collect into the stream. */
  z.strictObject({ ...collectShape, mode: z.literal("collect") }),
  /** Only check access. */
  z.strictObject({ ...collectShape, mode: z.literal("doctor") }),
  /** Serve changes until the stop. */
  z.strictObject({ ...startShape, mode: z.literal("change") }),
  /** React to a step of a workflow. */
  z.strictObject({
    ...startShape,
    mode: z.literal("act"),
    action: name,
    task: z.record(z.string(), z.unknown()),
    /** Texts by path. */
    files: z.record(z.string(), z.string()),
    dialect: z.enum(GENERATIONS),
    dryRun: z.boolean(),
  }),
]);

/** What a guest gets to begin its work. */
export type StartMessage = z.infer<typeof startSchema>;
/** Name of a mode. */
export type Mode = StartMessage["mode"];
/** The start of one mode. */
export type StartOf<Name extends Mode> = Extract<StartMessage, { mode: Name }>;

export const hostMessageSchema = z.discriminatedUnion("type", [
  startSchema,
  z.strictObject({
    type: z.literal("inspect"),
    source: z.string(),
    /** Options under which the manifest's permissions are evaluated. */
    options: z.record(z.string(), z.unknown()),
  }),
  z.strictObject({ type: z.literal("ping"), id: z.int() }),
  z.strictObject({ type: z.literal("stop"), reason: z.string() }),
  z.strictObject({
    type: z.literal("helperResult"),
    id: z.int(),
    output: z.string().exactOptional(),
    error: wireErrorSchema.exactOptional(),
  }),
  /** Each has an id of its own. */
  z.strictObject({
    type: z.literal("change"),
    id: z.int(),
    node: changeNodeSchema,
    change: nodeChangeSchema,
  }),
  /** Nobody waits for this change any more; it is answered all the same. */
  z.strictObject({ type: z.literal("cancel"), id: z.int() }),
  /** To an `ask` or a `more`: records as JSON texts, and whether they are the last. */
  z.strictObject({
    type: z.literal("answer"),
    id: z.int(),
    records: z.array(z.string()).exactOptional(),
    last: z.boolean(),
    error: wireErrorSchema.exactOptional(),
  }),
]);
/** Host to guest. */
export type HostMessage = z.infer<typeof hostMessageSchema>;
/** What belongs to one mode of a guest: a request to one that serves, or an answer. */
export type ServiceMessage = Extract<HostMessage, { type: "change" | "cancel" | "answer" }>;

export const guestMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready") }),
  z.strictObject({
    type: z.literal("stream"),
    /** Of bytes, as the guest claims; whoever reads checks. */
    stream: z.instanceof(ReadableStream<Uint8Array>),
  }),
  z.strictObject({
    type: z.literal("pong"),
    id: z.int(),
    /** Bytes that the guest's own code holds. */
    memory: count.exactOptional(),
  }),
  z.strictObject({
    type: z.literal("logs"),
    entries: z.array(logEntrySchema).max(1_000),
    /** Entries that the guest left out because there were too many. */
    dropped: count,
  }),
  z.strictObject({ type: z.literal("progress"), events: z.array(progressSchema).max(10_000) }),
  z.strictObject({ type: z.literal("accounts"), report: accountReportSchema }),
  z.strictObject({ type: z.literal("regions"), report: regionReportSchema }),
  z.strictObject({ type: z.literal("stats"), calls: z.array(callStatsSchema).max(200_000) }),
  z.strictObject({ type: z.literal("learned"), budgets: z.array(budgetSchema).max(200_000) }),
  z.strictObject({
    type: z.literal("helper"),
    id: z.int(),
    path: name,
    args: z.array(text).max(100),
  }),
  /** It takes requests from here on. */
  z.strictObject({ type: z.literal("serving") }),
  /** Answer to a change: a result or an error. */
  z.strictObject({
    type: z.literal("changed"),
    id: z.int(),
    result: changeResultSchema.exactOptional(),
    error: wireErrorSchema.exactOptional(),
  }),
  /** A request of an action plugin; each has an id of its own. */
  z.strictObject({ type: z.literal("ask"), id: z.int(), ask: askSchema }),
  /** The next part of an answer, please. */
  z.strictObject({ type: z.literal("more"), id: z.int() }),
  /** No more of an answer, please. */
  z.strictObject({ type: z.literal("leave"), id: z.int() }),
  z.strictObject({ type: z.literal("doctorReport"), report: doctorReportSchema }),
  /** Facts of a third-party plugin; parsed further by the host. */
  z.strictObject({ type: z.literal("inspected"), plugin: z.unknown() }),
  z.strictObject({ type: z.literal("done") }),
  z.strictObject({ type: z.literal("error"), error: wireErrorSchema }),
]);
/** Guest to host. */
export type GuestMessage = z.infer<typeof guestMessageSchema>;
