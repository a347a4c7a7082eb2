import { type Configured, hostOf, type Permissions, type Seen } from "ckworker";
import operations from "../operations.json" with { type: "json" };
import { enabledServices } from "../engine/selection.ts";
import type { GcpOptions } from "../options.ts";
import type { ServiceName } from "../services.ts";
import {
  addressesOf,
  type Credential,
  impersonationUrl,
  readCredential,
  tokenFilesOf,
} from "./credential.ts";
import { endpointsOf } from "./endpoints.ts";
import {
  defaultFiles,
  type Env,
  filesOf,
  LIBRARY_VARIABLES,
  metadataAddress,
  type Place,
  placesOf,
  VARIABLES,
} from "./places.ts";

/** What the host may read to tell the rights. */
export function sees(options: GcpOptions, env: Env) {
  return { env: VARIABLES, files: filesOf(placesOf(options), env) };
}

/** The rights of a guest: the APIs that are collected, where tokens come from, and the files. */
export function rights(options: GcpOptions, seen: Seen): Permissions {
  const env: Env = (name) => seen.env[name];
  const places = placesOf(options);
  const found = places.flatMap((place) => credentialAt(place, env, seen.files) ?? []);
  const { impersonate } = options;
  const addresses = [
    ...apiAddresses(options),
    ...found.flatMap(addressesOf),
    ...(impersonate === undefined ? [] : [impersonationUrl(impersonate)]),
  ];
  return {
    net: sorted(addresses.map(hostOf)),
    env: sorted([...VARIABLES, ...LIBRARY_VARIABLES]),
    read: sorted([...filesOf(places, env), ...found.flatMap(tokenFilesOf)]),
  };
}

/** Whether anything tells of credentials. */
export function findConfiguration(options: GcpOptions, seen: Seen): Configured {
  const env: Env = (name) => seen.env[name];
  const given = options.service_account.length;
  if (given > 0) {
    return { configured: true, reason: `${given} service account${given === 1 ? "" : "s"} given` };
  }
  const files = defaultFiles(env);
  const file = files.find((path) => seen.files[path] !== undefined);
  if (file !== undefined) return { configured: true, reason: `credentials in ${file}` };
  const where = files.length === 0 ? "" : `, not in ${files.join(", ")} either`;
  return {
    configured: false,
    reason: `no credentials${where}; give --gcp-service-account, or name the collector`,
  };
}

/** The credential at a place; undefined for one that is not there or cannot be used. */
function credentialAt(
  place: Place,
  env: Env,
  files: Seen["files"],
): Credential | undefined {
  if (place.type === "text") return readCredential(place.text).credential;
  const paths = place.type === "file" ? [place.path] : defaultFiles(env);
  const text = paths.map((path) => files[path]).find((each) => each !== undefined);
  if (text !== undefined) return readCredential(text).credential;
  if (place.type === "file") return undefined;
  // A file that is named and missing is told as such: nobody else's credentials take its place.
  if (env("GOOGLE_APPLICATION_CREDENTIALS")) return undefined;
  return { type: "metadata", address: metadataAddress(env) };
}

function apiAddresses(options: GcpOptions): readonly string[] {
  const endpoints = endpointsOf(options);
  return enabledServices(options).flatMap((service) => {
    const other = endpoints.get(service) ?? endpoints.get("*");
    return other === undefined ? hostsOf(service) : [other];
  });
}

/** Addresses of a service: its own, or those of its regions, each by its name. */
function hostsOf(service: ServiceName): readonly string[] {
  const known = operations[service];
  return "hosts" in known ? Object.values(known.hosts) : [known.root];
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
