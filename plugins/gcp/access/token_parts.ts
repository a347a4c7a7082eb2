import type { RestCaller } from "ckworker";

/** Where headers with a token come from, which is asked for anew before it expires. */
export interface TokenSource {
  /**
   * @throws CallFault when a token was refused; CloudError when there is nothing to ask with
   */
  headers(): Promise<Readonly<Record<string, string>>>;
}

/** What tokens are asked for with. */
export interface TokenParts {
  readonly caller: RestCaller;
  /** For what an identity provider says, which need not be JSON. */
  readonly subjectCaller: RestCaller;
  /** Whether anything answers at an address, and at once. */
  reaches(url: string): Promise<boolean>;
  readFile(path: string): Promise<string>;
  /** Runs an allowed program on the host and gives its output. */
  helper(path: string, args: readonly string[]): Promise<string>;
}
