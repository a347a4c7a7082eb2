import { createHash } from "node:crypto";
import { z } from "zod";
import { ConfigError } from "../errors/mod.ts";
import { canonical } from "./canonical.ts";
import { GUARDS } from "./guards.ts";
import type { Plan, PlanSource } from "./plan.ts";

/** A plan with its hash, which names it and tells whether it was edited. */
export interface SealedPlan {
  readonly hash: string;
  readonly plan: Plan;
}

const FORMAT = "ckworker clean-up plan";
/** Raised when a plan of an earlier program would be understood differently. */
const VERSION = 1;

const text = z.string().max(100_000);
const texts = z.array(text).max(1_000_000);
const identity = {
  kind: text,
  cloud: text,
  account: text,
  region: text,
  zone: text,
  id: text,
  twin: text,
  nodeId: text,
  name: text,
  regionName: text,
};

const planSchema = z.strictObject({
  source: z.strictObject({ type: z.enum(["store", "core"]), id: text, name: text }),
  madeAt: z.iso.datetime(),
  limits: z.strictObject({
    accounts: texts,
    denyAccounts: texts,
    max: text,
    maxAgeMs: z.number().nonnegative(),
  }),
  entries: z.array(z.strictObject({
    ...identity,
    action: z.enum(["delete", "goes_with", "ended"]),
    reason: text,
    rule: text,
    fingerprint: text,
    level: z.int().nonnegative(),
    after: texts,
    with: text.exactOptional(),
    users: texts,
    takes: texts,
  })),
  refusals: z.array(z.strictObject({ ...identity, guard: z.enum(GUARDS), why: text })),
}) satisfies z.ZodType<Plan>;

const fileSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.int(),
  hash: text,
  plan: z.unknown(),
});

/** Computes the hash of a plan, over its content and not its form. */
export function sealPlan(plan: Plan): SealedPlan {
  return { hash: hashOf(plan), plan };
}

/** Text of a plan's file. */
export function planText({ hash, plan }: SealedPlan): string {
  return `${JSON.stringify({ format: FORMAT, version: VERSION, hash, plan }, null, 2)}\n`;
}

/** For whom a plan is read. */
export interface PlanReader {
  /** The store or core that is at hand. */
  readonly source: Pick<PlanSource, "type" | "id" | "name">;
  readonly now: Date;
  /** Oldest plan that still counts, milliseconds. */
  readonly maxAgeMs: number;
  /** Name of the file, for people. */
  readonly file: string;
}

/**
 * Reads a plan that is to be carried out.
 * @throws ConfigError for what is no plan, was edited, is of another version, of another store or
 *   core, or too old
 */
export function readPlan(text: string, reader: PlanReader): SealedPlan {
  const { file } = reader;
  const outer = fileSchema.safeParse(parseJson(text, file));
  if (!outer.success) throw refused(file, "is no clean-up plan");
  const { version, hash } = outer.data;
  if (version !== VERSION) {
    throw refused(file, `has version ${version}, and this program carries out version ${VERSION}`);
  }
  if (hashOf(outer.data.plan) !== hash) {
    throw refused(file, "was edited since it was made: its content does not have its hash");
  }
  const inner = planSchema.safeParse(outer.data.plan);
  if (!inner.success) throw refused(file, `is damaged: ${z.prettifyError(inner.error)}`);
  checkSource(inner.data, reader);
  return { hash, plan: inner.data };
}

function checkSource({ source, madeAt }: Plan, reader: PlanReader): void {
  const { file, now, maxAgeMs } = reader;
  if (source.type !== reader.source.type || source.id !== reader.source.id) {
    throw refused(file, `was made from ${source.name}, not from ${reader.source.name}`);
  }
  const age = now.getTime() - Date.parse(madeAt);
  if (age <= maxAgeMs && age >= 0) return;
  throw refused(file, age < 0 ? `was made in the future, at ${madeAt}` : `is of ${madeAt}`);
}

function hashOf(plan: unknown): string {
  return createHash("sha256").update(canonical(plan)).digest("hex");
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw refused(file, "is no JSON document", cause);
  }
}

function refused(file: string, why: string, cause?: unknown): ConfigError {
  return new ConfigError(`the plan ${file} ${why}`, {
    context: { subject: file },
    hint: "Nothing was deleted. Make a new one: ckworker clean plan --out FILE",
    cause,
  });
}
