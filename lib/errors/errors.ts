/** Where a fault happened; every field that is known is filled. */
export interface ErrorContext {
  readonly plugin?: string;
  readonly account?: string;
  readonly region?: string;
  readonly resource?: string;
  readonly kind?: string;
  /** API operation, `service:Operation`. */
  readonly call?: string;
  /** File, host, flag or variable the fault is about. */
  readonly subject?: string;
}

/** Options common to all errors: context, what to do about it, and the error that led here. */
export interface CkErrorOptions {
  readonly context?: ErrorContext;
  /** One sentence that tells the user what to do. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/**
 * An expected fault: something outside this program is not as it should be. A fault that is not a
 * `CkError` is a bug and ends in exit code 70 with its stack.
 */
export class CkError extends Error {
  /** Stable text such as `config.invalid`; survives the border of a guest. */
  readonly code: string;
  readonly context: ErrorContext;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: CkErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.context = options.context ?? {};
    this.hint = options.hint;
  }
}

/** The user's flags, variables or files are not usable. Exit code 2. */
export class ConfigError extends CkError {
  constructor(message: string, options?: CkErrorOptions) {
    super("config.invalid", message, options);
  }
}

/** A guest could not start, crashed, timed out, lied, or asked for something its manifest lacks. */
export class SandboxError extends CkError {
  constructor(
    code: "spawn" | "crash" | "timeout" | "denied" | "protocol" | "pin",
    message: string,
    options?: CkErrorOptions,
  ) {
    super(`sandbox.${code}`, message, options);
  }
}

/** A plugin reported a fault of its own that is no fault of the cloud. */
export class PluginError extends CkError {
  constructor(message: string, options?: CkErrorOptions) {
    super("plugin.failed", message, options);
  }
}

/** What a cloud's answer means for the scope it was asked for. */
export type CloudFault =
  | "access_denied"
  | "throttled"
  | "expired_credentials"
  | "no_credentials"
  | "not_enabled"
  | "unsupported"
  | "request";

/** A cloud refused or failed a call. */
export class CloudError extends CkError {
  readonly fault: CloudFault;

  constructor(fault: CloudFault, message: string, options?: CkErrorOptions) {
    super(`cloud.${fault}`, message, options);
    this.fault = fault;
  }
}

/** A core gives no answer, or says that it cannot work now: the same may succeed later. */
export class CoreUnreachableError extends CkError {
  /** What the core asked to wait, milliseconds; undefined when it said nothing. */
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options: CkErrorOptions & { readonly retryAfterMs?: number } = {}) {
    super("core.unreachable", message, options);
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** A core refused a call: the same will be refused again. */
export class CoreRejectedError extends CkError {
  /** HTTP status of the answer. */
  readonly status: number;

  constructor(status: number, message: string, options?: CkErrorOptions) {
    super("core.rejected", message, options);
    this.status = status;
  }
}

/** A core sent something that it must not send. */
export class CoreMessageError extends CkError {
  constructor(message: string, options?: CkErrorOptions) {
    super("core.message", message, options);
  }
}

/** A change of a node, such as a tag, was not made. */
export class ChangeError extends CkError {
  constructor(
    code: "unsupported" | "protected" | "changed" | "failed",
    message: string,
    options?: CkErrorOptions,
  ) {
    super(`change.${code}`, message, options);
  }
}

/** A line or the whole graph breaks a rule of the model. */
export class GraphError extends CkError {
  constructor(
    code: "mapping" | "unknown_kind" | "foreign_node" | "duplicate" | "too_large",
    message: string,
    options?: CkErrorOptions,
  ) {
    super(`graph.${code}`, message, options);
  }
}

/** The store cannot be opened, read or written. */
export class StoreError extends CkError {
  constructor(
    code: "open" | "foreign" | "newer" | "damaged" | "migration" | "write" | "full" | "locked",
    message: string,
    options?: CkErrorOptions,
  ) {
    super(`store.${code}`, message, options);
  }
}

/** A query that cannot be read, means nothing here, or cannot be said to a core. Exit code 2. */
export class QueryError extends CkError {
  /** The whole query; empty when the fault is about none of its places. */
  readonly text: string;
  /** Where in the text the fault is, counted from 0; undefined for the query as a whole. */
  readonly at: number | undefined;

  constructor(
    code: "syntax" | "meaning" | "unsupported" | "dialect",
    message: string,
    options: CkErrorOptions & { readonly text?: string; readonly at?: number | undefined } = {},
  ) {
    super(`query.${code}`, message, options);
    this.text = options.text ?? "";
    this.at = options.at;
  }
}
