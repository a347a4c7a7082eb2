import type { GcpOptions } from "../options.ts";

/** Looks a variable up. */
export type Env = (name: string) => string | undefined;

/** Variables that tell where credentials are. */
export const VARIABLES = [
  "APPDATA",
  "CLOUDSDK_CONFIG",
  "GCE_METADATA_HOST",
  "GOOGLE_APPLICATION_CREDENTIALS",
  "HOME",
] as const;

/** Variables that Google's library looks at when it is loaded: whether it shall log. */
export const LIBRARY_VARIABLES = ["GOOGLE_SDK_NODE_LOGGING"] as const;

/** Address of the metadata server of Google's machines. */
const METADATA_HOST = "metadata.google.internal";

/** Where one set of credentials comes from. */
export type Place =
  /** The text of a key file itself. */
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "file"; readonly path: string }
  /** What programs on this machine use by default. */
  | { readonly type: "default" };

/** Where the credentials of the options are; without any the default ones. */
export function placesOf(
  { service_account }: Pick<GcpOptions, "service_account">,
): readonly Place[] {
  const given = service_account.length === 0 ? [""] : service_account;
  return given.map((value): Place => {
    const text = value.trim();
    if (text === "") return { type: "default" };
    return text.startsWith("{") ? { type: "text", text } : { type: "file", path: text };
  });
}

/** Files that may hold the default credentials, the first of which counts that is there. */
export function defaultFiles(env: Env): readonly string[] {
  const named = env("GOOGLE_APPLICATION_CREDENTIALS");
  if (named !== undefined && named !== "") return [named];
  const folder = env("CLOUDSDK_CONFIG") || inHome(env);
  return folder === undefined
    ? []
    : [`${folder.replace(/\/$/, "")}/application_default_credentials.json`];
}

/** All files that credentials may be read from. */
export function filesOf(places: readonly Place[], env: Env): readonly string[] {
  return [
    ...new Set(places.flatMap((place) => {
      if (place.type === "file") return [place.path];
      return place.type === "default" ? defaultFiles(env) : [];
    })),
  ].sort();
}

/** Address of the metadata server, without a slash at its end. */
export function metadataAddress(env: Env): string {
  return `http://${env("GCE_METADATA_HOST") || METADATA_HOST}`;
}

function inHome(env: Env): string | undefined {
  const [home, data] = [env("HOME"), env("APPDATA")];
  if (home !== undefined && home !== "") return `${home.replace(/\/$/, "")}/.config/gcloud`;
  return data === undefined || data === "" ? undefined : `${data}/gcloud`;
}
