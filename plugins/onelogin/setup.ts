import type { OneLoginOptions } from "./options.ts";
import { REGION } from "./region.ts";

/** Variables that give what no option does. */
export const VARIABLES = {
  region: "ONELOGIN_REGION",
  id: "ONELOGIN_CLIENT_ID",
  secret: "ONELOGIN_CLIENT_SECRET",
} as const;

/** What options and variables come to. */
export interface Setup {
  readonly region: string;
  /** Address of the API, without a slash at its end. */
  readonly base: string;
  readonly id: string | undefined;
  readonly secret: string | undefined;
}

/** Options before variables; an empty variable counts as none, and so does what is no region. */
export function readSetup(
  options: OneLoginOptions,
  env: (name: string) => string | undefined,
): Setup {
  const told = filled(env(VARIABLES.region));
  const region = options.region ?? (told !== undefined && REGION.test(told) ? told : "us");
  const base = options.base_url ?? `https://api.${region}.onelogin.com`;
  return {
    region,
    base: base.replace(/\/+$/, ""),
    id: options.client_id ?? filled(env(VARIABLES.id)),
    secret: options.client_secret ?? filled(env(VARIABLES.secret)),
  };
}

function filled(value: string | undefined): string | undefined {
  return value === "" ? undefined : value;
}
