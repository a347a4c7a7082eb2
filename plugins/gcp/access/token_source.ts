import { CloudError } from "ckworker";
import { type Credential, identityOf } from "./credential.ts";
import { noSubject } from "./subject_token.ts";
import type { TokenParts, TokenSource } from "./token_parts.ts";

/**
 * Tokens by Google's own library, which is loaded when the first one is asked for.
 * @param account service account to act as
 * @throws CloudError for a credential that the library does not take
 */
export async function makeSource(
  credential: Credential,
  account: string | undefined,
  parts: TokenParts,
): Promise<TokenSource> {
  const [{ makeClient }, { Carried }] = await Promise.all([
    import("./google_client.ts"),
    import("./transporter.ts"),
  ]);
  const explain = (error: unknown) =>
    error instanceof Carried ? error.cause : unusable(credential, error);
  try {
    const client = makeClient(credential, account, parts);
    return {
      async headers() {
        try {
          return Object.fromEntries(await client.getRequestHeaders());
        } catch (error) {
          throw explain(error);
        }
      },
    };
  } catch (error) {
    throw explain(error);
  }
}

/** What the library itself finds wrong, without anything that may quote a secret. */
function unusable(credential: Credential, error: unknown): CloudError {
  if (credential.type === "impersonated_service_account") {
    return unusable(credential.source_credentials, error);
  }
  const context = { plugin: "gcp" };
  if (credential.type === "service_account") {
    const message = `the private key of ${credential.client_email} is no key`;
    return new CloudError("no_credentials", message, {
      context,
      hint: "Create a new key of the service account; private_key is a PKCS #8 key of RSA.",
    });
  }
  const why = error instanceof Error ? error.message : String(error);
  if (/subject_token/.test(why)) return noSubject("its address holds no subject token");
  const message = `the credentials of ${identityOf(credential)} cannot be used: ${why}`;
  return new CloudError("no_credentials", message, { context });
}
