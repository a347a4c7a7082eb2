/** A graph at a server. */
export interface CoreTarget {
  /** Address without user, password and trailing slash; it is stored. */
  readonly uri: string;
  readonly graph: string;
}
