import { z } from "zod";
import type { Invocation } from "./command.ts";

/** Options of `ckworker clean`. */
export const cleanOptions = z.object({
  out: z.string().optional().describe("plan: write the plan to a file, for apply")
    .meta({ placeholder: "FILE" }),
  format: z.enum(["table", "tree", "json", "dot", "mermaid"]).default("table")
    .describe("plan: form of what is printed"),
  reason: z.string().default("marked by hand").describe("mark, protect: why")
    .meta({ placeholder: "TEXT" }),
  yes: z.boolean().default(false).describe("apply: do not ask"),
});

/** An invocation of `ckworker clean`. */
export type CleanInvocation = Invocation<z.output<typeof cleanOptions>>;
