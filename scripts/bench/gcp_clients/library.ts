import { countPages } from "./guest.ts";

/** The part of the library that is used; it is brought by the benchmark alone, so nobody knows its types. */
interface Library {
  readonly InstancesClient: new (options: object) => {
    aggregatedListAsync(
      request: { readonly project: string },
    ): AsyncIterable<readonly [zone: string, list: { readonly instances?: readonly object[] }]>;
  };
}

interface Authentication {
  readonly OAuth2Client: new () => { setCredentials(credentials: object): void };
}

// The bundler puts the packages in the place of these.
declare const require: {
  (name: "@google-cloud/compute"): Library;
  (name: "google-auth-library"): Authentication;
};
const { InstancesClient } = require("@google-cloud/compute");
const { OAuth2Client } = require("google-auth-library");

countPages(async function* (port) {
  const authClient = new OAuth2Client();
  authClient.setCredentials({ access_token: "token", expiry_date: Date.now() + 3_600_000 });
  const client = new InstancesClient({
    authClient,
    projectId: "demo",
    fallback: true,
    protocol: "http",
    apiEndpoint: "127.0.0.1",
    port,
  });
  for await (const [, list] of client.aggregatedListAsync({ project: "demo" })) {
    yield list.instances?.length ?? 0;
  }
});
