/** Names of variables whose values are secret, whoever reads them. */
const SECRET_NAME = /SECRET|TOKEN|PASSWORD|PASSWD|PSK|CREDENTIAL|PRIVATE_KEY|API_KEY/i;

/** Names that hold a place of a secret, not the secret. */
const PLACE_NAME = /_(FILE|PATH|DIR|URI|URL|ENDPOINT|EXPIRATION)$/i;

/** Shorter values are switches and numbers. */
const SHORTEST = 8;

/** Values of variables that by their name hold a secret: known to the redactor from the start. */
export function secretsOfEnvironment(env: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(env)
    .filter(([name, value]) =>
      SECRET_NAME.test(name) && !PLACE_NAME.test(name) && value.length >= SHORTEST
    )
    .map(([, value]) => value);
}
