import { accountOf, type Credential, impersonationUrl, TOKEN_URL } from "./credential.ts";
import { EXCHANGE, IMPERSONATE, SUBJECT, TOKEN } from "./token_calls.ts";

/** Where a request of Google's library goes, and as which declared call. */
export interface Route {
  readonly call: string;
  readonly url: string;
}

/**
 * Routes by the address that Google's library uses: it has fixed ones where files may name others. An
 * address without a route is none that these credentials lead to.
 * @param account service account to act as
 */
export function routesOf(
  credential: Credential,
  account: string | undefined,
): ReadonlyMap<string, Route> {
  const routes = new Map(ofCredential(credential));
  if (account === undefined) return routes;
  return routes.set(libraryUrl(account), { call: IMPERSONATE, url: impersonationUrl(account) });
}

/** Whom an impersonation is of, as Google's library is told; empty if its address does not say. */
export function principalOf(url: string): string {
  return accountOf(url) ?? "";
}

function ofCredential(credential: Credential): readonly (readonly [string, Route])[] {
  switch (credential.type) {
    case "service_account":
    case "authorized_user":
      return [[TOKEN_URL, { call: TOKEN, url: credential.token_uri }]];
    case "external_account": {
      const { token_url, service_account_impersonation_url: account } = credential;
      const { url } = credential.credential_source;
      return [
        route(EXCHANGE, token_url),
        ...(account === undefined ? [] : [route(IMPERSONATE, account)]),
        ...(url === undefined ? [] : [route(SUBJECT, url)]),
      ];
    }
    case "impersonated_service_account": {
      const { service_account_impersonation_url: url, source_credentials } = credential;
      const own = [libraryUrl(principalOf(url)), { call: IMPERSONATE, url }] as const;
      return [...ofCredential(source_credentials), own];
    }
    case "metadata":
      return [];
  }
}

function route(call: string, url: string): readonly [string, Route] {
  return [url, { call, url }];
}

/** Address that Google's library makes of an account. */
function libraryUrl(account: string): string {
  const path = `projects/-/serviceAccounts/${account}:generateAccessToken`;
  return `https://iamcredentials.googleapis.com/v1/${path}`;
}
