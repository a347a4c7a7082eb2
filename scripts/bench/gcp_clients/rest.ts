import { RestCaller, thisMachine } from "ckworker";
import { countPages } from "./guest.ts";

/** The part of the library for tokens that is used. */
interface Authentication {
  readonly OAuth2Client: new () => {
    setCredentials(credentials: object): void;
    getRequestHeaders(): Promise<Headers>;
  };
}

// The bundler puts the package in the place of this.
declare const require: (name: "google-auth-library") => Authentication;
const { OAuth2Client } = require("google-auth-library");

const CALL = "compute:instances.aggregatedList";

interface Page {
  readonly items?: Readonly<Record<string, { readonly instances?: readonly object[] }>>;
  readonly nextPageToken?: string;
}

countPages(async function* (port) {
  const auth = new OAuth2Client();
  auth.setCredentials({ access_token: "token", expiry_date: Date.now() + 3_600_000 });
  using pool = thisMachine.pool();
  const caller = new RestCaller({
    plugin: "gcp",
    calls: [{ call: CALL, permissions: [], purpose: "read", kinds: [] }],
    machine: thisMachine,
    pool,
    judge: ({ status }) =>
      status < 400 ? undefined : { fault: "request", code: String(status), message: "" },
    throttleMs: 60_000,
    concurrency: 1,
    context: { signal: new AbortController().signal, log: () => {}, stats: () => {} },
  });
  const base = `http://127.0.0.1:${port}/compute/v1/projects/demo/aggregated/instances`;
  for (let token: string | undefined = ""; token !== undefined;) {
    const url = token === "" ? base : `${base}?pageToken=${token}`;
    const { text } = await caller.send(CALL, url, async () => ({
      headers: await auth.getRequestHeaders(),
    }));
    const page: Page = JSON.parse(text);
    yield Object.values(page.items ?? {}).reduce(
      (sum, { instances = [] }) => sum + instances.length,
      0,
    );
    token = page.nextPageToken;
  }
});
