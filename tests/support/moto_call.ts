/**
 * Makes one call of a query protocol in the management account, to change what moto holds during a
 * test.
 * @returns the answer's XML
 * @throws Error with the answer when moto refuses
 */
export async function callMoto(
  moto: { readonly url: string },
  service: string,
  region: string,
  parameters: Readonly<Record<string, string>>,
): Promise<string> {
  const scope = `testing/20260101/${region}/${service}/aws4_request`;
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
