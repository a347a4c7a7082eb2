import { CloudError } from "ckworker";
import { importPKCS8, SignJWT } from "jose";
import type { ServiceAccount } from "./credential.ts";

/** Seconds that an assertion is good for, the most that Google takes. */
const GOOD_FOR_S = 3_600;

/**
 * The signed statement by which a service account asks for a token.
 * @param now milliseconds since the epoch
 * @throws CloudError when the key cannot sign
 */
export async function signAssertion(
  account: ServiceAccount,
  scope: string,
  now: number,
): Promise<string> {
  const issued = Math.floor(now / 1_000);
  try {
    const key = await importPKCS8(account.private_key, "RS256");
    return await new SignJWT({ scope })
      .setProtectedHeader({
        alg: "RS256",
        typ: "JWT",
        ...(account.private_key_id === undefined ? {} : { kid: account.private_key_id }),
      })
      .setIssuer(account.client_email)
      .setSubject(account.client_email)
      .setAudience(account.token_uri)
      .setIssuedAt(issued)
      .setExpirationTime(issued + GOOD_FOR_S)
      .sign(key);
  } catch {
    // What went wrong may quote the key.
    throw new CloudError("no_credentials", `the private key of ${account.client_email} is no key`, {
      context: { plugin: "gcp" },
      hint: "Create a new key of the service account; private_key is a PKCS #8 key of RSA.",
    });
  }
}
