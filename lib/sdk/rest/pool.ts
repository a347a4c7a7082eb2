/** `fetch`, or something like it in tests. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** Connections to everywhere that the guest may reach. */
export interface Pool extends Disposable {
  readonly fetch: Fetch;
}
