/** Text that stands in the configuration, or in a file that is read when it is needed. */
export type Source = { readonly text: string } | { readonly file: string };

/** A program that prints credentials; the host runs it, if it is allowed. */
export interface Helper {
  /** As the user allows it: a path, or a name that the system finds. */
  readonly command: string;
  readonly args: readonly string[];
}

/** How to show who asks; several of them may be given, as for `kubectl`. */
export interface User {
  readonly certificate?: { readonly certificate: Source; readonly key: Source };
  readonly token?: Source;
  readonly basic?: { readonly username: string; readonly password: string };
  readonly helper?: Helper;
}

/** A cluster to collect, as far as the configuration tells. */
export interface Cluster {
  /** Context or name on the command line: id and name of the account. */
  readonly id: string;
  /** Address of the API server, without a slash at its end. */
  readonly server: string;
  /** Certificate authority; absent: the public ones. */
  readonly authority?: Source;
  readonly proxy?: string;
  readonly user: User;
  /** Namespace to look at where those of the cluster may not be listed. */
  readonly namespace?: Source;
  /** What of its configuration has no effect. */
  readonly warning?: string;
  /** Why it cannot be collected, and what to do about it. */
  readonly refused?: { readonly why: string; readonly hint: string };
}

/** `host:port` of an address, as rights name it. */
export function hostOf(address: string): string {
  const { hostname, port, protocol } = new URL(address);
  const usual: Readonly<Record<string, string>> = { "http:": "80", "socks5:": "1080" };
  return `${hostname}:${port === "" ? usual[protocol] ?? "443" : port}`;
}
