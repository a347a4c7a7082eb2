import assert from "node:assert/strict";
import { startMoto } from "../../support/moto.ts";

Deno.test("startMoto: answers AWS requests and ends on disposal", async () => {
  let url: string;
  {
    await using moto = await startMoto();
    url = moto.url;
    const answer = await fetch(`${url}/?Action=GetCallerIdentity&Version=2011-06-15`, {
      headers: {
        authorization:
          "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/sts/aws4_request, SignedHeaders=host, Signature=0",
      },
    });
    assert.equal(answer.status, 200);
    assert.match(await answer.text(), /<Account>123456789012<\/Account>/);
  }
  await assert.rejects(fetch(url), TypeError);
});
