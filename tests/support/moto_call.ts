/**
 * Makes one call of a query protocol, to change what moto holds during a test.
 * @param key access key that AssumeRole gave for the account; by default the management account's
 * @returns the answer's XML
 * @throws Error with the answer when moto refuses
 */
export async function callMoto(
  moto: { readonly url: string },
  service: string,
  region: string,
  parameters: Readonly<Record<string, string>>,
  key = "testing",
): Promise<string> {
  const scope = `${key}/20260101/${region}/${service}/aws4_request`;
  const answer = await fetch(moto.url, {
    method: "POST",
    headers: {
      "authorization": `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=none`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams(parameters).toString(),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`moto ${parameters["Action"]}: ${answer.status} ${text}`);
  return text;
}

/** An access key with which moto knows the caller as one of an account. */
export async function motoKey(moto: { readonly url: string }, account: string): Promise<string> {
  const answer = await callMoto(moto, "sts", "us-east-1", {
    Action: "AssumeRole",
    Version: "2011-06-15",
    RoleArn: `arn:aws:iam::${account}:role/test`,
    RoleSessionName: "test",
  });
  return /<AccessKeyId>([^<]+)</.exec(answer)?.[1] ?? "";
}
