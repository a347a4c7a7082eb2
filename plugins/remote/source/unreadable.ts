import { CloudError, type CloudFault } from "ckworker";

/** A graph that could not be read to its end: nothing is concluded from it. */
export class Unreadable extends CloudError {
  /** The same attempt may succeed later. */
  readonly passing: boolean;
  /** What the server asks to wait, milliseconds. */
  readonly waitMs: number | undefined;

  constructor(
    fault: CloudFault,
    message: string,
    { passing = false, waitMs }: { readonly passing?: boolean; readonly waitMs?: number } = {},
  ) {
    super(fault, message, { context: { plugin: "remote" } });
    this.passing = passing;
    this.waitMs = waitMs;
  }
}
