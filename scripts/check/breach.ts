/** One place where the tree breaks a rule of the project. */
export interface Breach {
  /** Repo-relative path. */
  readonly path: string;
  /** Counted from 1; absent when the whole file is meant. */
  readonly line?: number;
  /** What is wrong and what the rule is, one line. */
  readonly message: string;
}

/** `path:line: message`. */
export function breachLine({ path, line, message }: Breach): string {
  return line === undefined ? `${path}: ${message}` : `${path}:${line}: ${message}`;
}
