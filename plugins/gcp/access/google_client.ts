import { createPrivateKey } from "node:crypto";
// @ts-types="./google_auth_library.d.ts"
import {
  type AuthClient,
  IdentityPoolClient,
  Impersonated,
  JWT,
  OAuth2Client,
  UserRefreshClient,
} from "google-auth-library";
// @ts-types="./google_auth_util.d.ts"
import * as util from "google-auth-library/build/src/util.js";
import type { AuthorizedUser, Credential, ExternalAccount, ServiceAccount } from "./credential.ts";
import { askMachine } from "./machine_token.ts";
import { principalOf, routesOf } from "./routes.ts";
import { supplySubject } from "./subject_token.ts";
import type { TokenParts } from "./token_parts.ts";
import { carry, Transporter } from "./transporter.ts";

/** The right to everything that the account's roles give. */
const SCOPES = ["https://www.googleapis.com/auth/cloud-platform"];

/**
 * The client of Google's library for a credential. Whatever it asks for goes through our own
 * transporter.
 * @param account service account to act as
 * @throws Error of the library for what it does not take
 */
export function makeClient(
  credential: Credential,
  account: string | undefined,
  parts: TokenParts,
): AuthClient {
  const transporter = new Transporter(parts, routesOf(credential, account));
  const client = ofCredential(credential, transporter, parts);
  return account === undefined ? client : actAs(account, [], client, transporter);
}

function ofCredential(
  credential: Credential,
  transporter: Transporter,
  parts: TokenParts,
): AuthClient {
  switch (credential.type) {
    case "service_account":
      return ofServiceAccount(credential, transporter);
    case "authorized_user":
      return ofUser(credential, transporter);
    case "external_account":
      return ofExternal(credential, transporter, parts);
    case "impersonated_service_account": {
      const { source_credentials, service_account_impersonation_url: url, delegates } = credential;
      const source = ofCredential(source_credentials, transporter, parts);
      return actAs(principalOf(url), delegates, source, transporter);
    }
    case "metadata":
      return ofMachine(credential.address, transporter, parts);
  }
}

function ofServiceAccount(account: ServiceAccount, transporter: Transporter): AuthClient {
  // It would sign with whatever key there is.
  if (createPrivateKey(account.private_key).asymmetricKeyType !== "rsa") {
    throw new Error("not a key of RSA");
  }
  return new JWT({
    email: account.client_email,
    key: account.private_key,
    scopes: SCOPES,
    // It takes its fixed address for the audience, whatever the file says.
    additionalClaims: { aud: account.token_uri },
    transporter,
  });
}

function ofUser(user: AuthorizedUser, transporter: Transporter): AuthClient {
  return new UserRefreshClient({
    clientId: user.client_id,
    clientSecret: user.client_secret,
    refreshToken: user.refresh_token,
    transporter,
  });
}

function ofExternal(
  account: ExternalAccount,
  transporter: Transporter,
  parts: TokenParts,
): AuthClient {
  const { credential_source: { url = "", headers, format }, ...said } = account;
  const supply = supplySubject(account, parts);
  const client = new FixedPoolClient({
    ...said,
    scopes: SCOPES,
    ...(supply === undefined
      ? { credential_source: { url, headers, format } }
      : { subject_token_supplier: { getSubjectToken: () => carry(supply) } }),
    transporter,
  });
  client.exchangeBy(transporter);
  return client;
}

/** Its exchange would otherwise be sent by a client of its own that cannot be given. */
class FixedPoolClient extends IdentityPoolClient {
  exchangeBy(transporter: Transporter): void {
    Reflect.set(this.stsCredential, "transporter", transporter);
  }
}

function actAs(
  targetPrincipal: string,
  delegates: readonly string[],
  sourceClient: AuthClient,
  transporter: Transporter,
): AuthClient {
  const options = {
    sourceClient,
    targetPrincipal,
    delegates: [...delegates],
    targetScopes: SCOPES,
    transporter,
  };
  return quietly(() => new Impersonated(options));
}

/**
 * Its constructor warns of addresses that nobody has checked; ours have been, by schema and rights. What
 * silences it is in no declaration of the library; without it there is a line more in the log.
 */
function quietly<T>(make: () => T): T {
  const suppress: unknown = Reflect.get(util, "suppressAdcWarning");
  return typeof suppress === "function" ? suppress(make) : make();
}

/** The library's own client of the machine's server cannot be given a transporter. */
function ofMachine(address: string, transporter: Transporter, parts: TokenParts): AuthClient {
  const client = new OAuth2Client({ transporter });
  client.refreshHandler = () => carry(() => askMachine(address, parts));
  return client;
}
