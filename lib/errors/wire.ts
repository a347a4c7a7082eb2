import { z } from "zod";
import {
  ChangeError,
  CkError,
  CloudError,
  type CloudFault,
  type ErrorContext,
  SandboxError,
} from "./errors.ts";

/** Form of an error that survives structured clone and JSON: class and code as data. */
export const wireErrorSchema = z.object({
  code: z.string().max(200),
  message: z.string().max(20_000),
  hint: z.string().max(2_000).optional(),
  context: z.record(z.string(), z.string()).default({}),
  stack: z.string().max(50_000).optional(),
});
export type WireError = z.infer<typeof wireErrorSchema>;

const SANDBOX_CODES = ["spawn", "crash", "timeout", "denied", "protocol", "pin"] as const;

const CHANGE_CODES = ["unsupported", "protected", "changed", "failed"] as const;

/** Code of a fault that is a bug, not a {@link CkError}. */
export const BUG = "bug";

/** Turns anything thrown into data; a bug keeps its stack, an expected fault does not need one. */
export function toWire(thrown: unknown): WireError {
  if (thrown instanceof CkError) {
    return {
      code: thrown.code,
      message: thrown.message,
      context: { ...thrown.context },
      ...(thrown.hint === undefined ? {} : { hint: thrown.hint }),
    };
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  return {
    code: BUG,
    message: `${error.name}: ${error.message}`,
    context: {},
    ...(error.stack === undefined ? {} : { stack: error.stack }),
  };
}

/** Rebuilds an error from its wire form, with the context of this side added. */
export function fromWire(wire: WireError, context: ErrorContext = {}): Error {
  const options = {
    context: { ...wire.context, ...context },
    ...(wire.hint === undefined ? {} : { hint: wire.hint }),
  };
  if (wire.code === BUG) {
    const error = new Error(wire.message);
    if (wire.stack !== undefined) error.stack = wire.stack;
    return error;
  }
  if (wire.code.startsWith("cloud.")) {
    return new CloudError(wire.code.slice("cloud.".length) as CloudFault, wire.message, options);
  }
  const sandbox = SANDBOX_CODES.find((code) => wire.code === `sandbox.${code}`);
  if (sandbox !== undefined) return new SandboxError(sandbox, wire.message, options);
  const change = CHANGE_CODES.find((code) => wire.code === `change.${code}`);
  if (change !== undefined) return new ChangeError(change, wire.message, options);
  return new CkError(wire.code, wire.message, options);
}
