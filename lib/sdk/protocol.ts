import { z } from "zod";
import { wireErrorSchema } from "../errors/mod.ts";
import { OUTCOMES } from "../model/mod.ts";
import { COLLECT_FILTERS } from "./collector.ts";

/**
 * The guest protocol: every message between a host and a guest, both ways. All of it is data that
 * survives JSON, so that a guest may live behind a pipe as well as behind a port; the one exception
 * is the stream of lines, which a port transfers and a pipe carries beside the messages.
 *
 *     host                          guest
 *       ◀──────────── ready ──────────
 *       ─ start (collect | doctor) ──▶   or inspect (third-party plugins)
 *       ◀──────────── stream ─────────   collect only
 *       ◀─ logs progress accounts regions stats learned ─
 *       ◀─ helper · helperResult ────▶
 *       ─ ping · ◀ pong ──────────────   all the time
 *       ─ stop ──────────────────────▶   at most once
 *       ◀─ done | error | doctorReport | inspected ─      the last message
 *
 * The host believes nothing: a message that does not parse is a protocol fault of that guest.
 */

/** How a guest parses: some guests may not make code, as compiled schemas would. */
export const PARSING = { jitless: true } as const;

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

const startSchema = z.strictObject({
  type: z.literal("start"),
  /** Collect into the stream, or only check access. */
  mode: z.enum(["collect", "doctor"]),
  /** Cloud of scopes and reports that name none. */
  cloud: name,
  options: z.record(z.string(), z.unknown()),
  /** ISO time. */
  now: z.iso.datetime(),
  shard: z.strictObject({ index: z.int(), of: z.int() }),
  sensitive: z.strictObject({ keep: z.boolean(), key: z.string() }),
  caCertificates: z.string().exactOptional(),
  budgets: z.array(budgetSchema),
  resumed: z.array(scopeKeySchema),
  /** Text of a third-party plugin; the host has checked it against its pin. */
  source: z.string().exactOptional(),
});

/** What a guest gets to begin its work. */
export type StartMessage = z.infer<typeof startSchema>;

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
]);
/** Host to guest. */
export type HostMessage = z.infer<typeof hostMessageSchema>;

export const guestMessageSchema = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("ready") }),
  z.strictObject({
    type: z.literal("stream"),
    /** Of bytes, as the guest claims; whoever reads checks. */
    stream: z.instanceof(ReadableStream<Uint8Array>),
  }),
  z.strictObject({ type: z.literal("pong"), id: z.int() }),
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
  z.strictObject({ type: z.literal("doctorReport"), report: doctorReportSchema }),
  /** Facts of a third-party plugin; parsed further by the host. */
  z.strictObject({ type: z.literal("inspected"), plugin: z.unknown() }),
  z.strictObject({ type: z.literal("done") }),
  z.strictObject({ type: z.literal("error"), error: wireErrorSchema }),
]);
/** Guest to host. */
export type GuestMessage = z.infer<typeof guestMessageSchema>;
