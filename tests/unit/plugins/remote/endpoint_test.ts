import assert from "node:assert/strict";
import { manifest } from "../../../../plugins/remote/manifest.ts";
import { endpointProblem, readEndpoint } from "../../../../plugins/remote/source/endpoint.ts";
import { openEndpoint, reasonOf } from "../../../../plugins/remote/source/open.ts";

Deno.test("an endpoint is called by host and path; what may be secret is no part of it", () => {
  const { label, ...rest } = readEndpoint("https://ada:s%20t@graphs.test:8443/a%20b?key=k#f");
  assert.equal(label, "graphs.test:8443/a b");
  assert.deepEqual(rest, {
    type: "http",
    address: "https://graphs.test:8443/a%20b?key=k",
    authorization: `Basic ${btoa("ada:s t")}`,
    open: false,
  });
  assert.deepEqual(readEndpoint("file:///srv/a%20b.ndjson"), {
    type: "file",
    label: "/srv/a b.ndjson",
    path: "/srv/a b.ndjson",
  });
});

Deno.test("what is no endpoint is told without its text", () => {
  for (
    const [text, problem] of [
      ["/srv/graph.ndjson", /must be https:\/\/ or file:\/\/ addresses/],
      ["ftp://graphs.test/x", /must be https/],
      ["data:text/plain,x", /must be https/],
      ["file://srv/graph.ndjson", /whole path/],
      ["https://graphs.test/%ff", /not readable/],
      ["file:///a%00b", /not readable/],
      [`https://graphs.test/${"x".repeat(1_001)}`, /more than 1000/],
    ] as const
  ) {
    assert.match(endpointProblem(text) ?? "", problem);
    assert.equal(manifest.options.safeParse({ endpoint: [text] }).success, false);
  }
});

Deno.test("options: no label twice, a token for each endpoint or for none", () => {
  const problem = (options: object) =>
    manifest.options.safeParse(options).error?.issues[0]?.message;
  const endpoint = ["https://a.test/x?one", "https://a.test/x?two"];
  assert.equal(problem({ endpoint }), "names a.test/x twice");
  const token = ["t"];
  assert.match(problem({ endpoint: ["https://a.test/x", "file:///y"], token }) ?? "", /2, not 1/);
  assert.equal(problem({ endpoint: ["https://a.test/x"], token }), undefined);
});

Deno.test("the guest may reach the hosts and read the files that are named, and nothing else", () => {
  const options = manifest.options.parse({
    endpoint: ["https://u:p@a.test/x?k", "http://127.0.0.1:8/y", "https://a.test/z", "file:///a"],
  });
  assert.deepEqual(manifest.permissions(options, { env: {}, files: {} }), {
    net: ["a.test:443", "127.0.0.1:8"],
    read: ["/a"],
  });
});

Deno.test("it is configured when it has an endpoint and a cloud, and else says what is missing", () => {
  const reason = (options: object) => {
    return manifest.configured?.(manifest.options.parse(options), { env: {}, files: {} }).reason;
  };
  assert.equal(reason({}), "no endpoint; give --remote-endpoint");
  const endpoint = ["file:///a"];
  assert.match(reason({ endpoint }) ?? "", /no cloud to take.*--remote-cloud/);
  assert.equal(reason({ endpoint, cloud: ["aws"] }), "aws of 1 endpoint");
});

Deno.test("credentials are not sent over http to another machine", async () => {
  let asked = 0;
  const fetch = () => {
    asked++;
    return Promise.resolve(new Response("x"));
  };
  const { signal } = new AbortController();
  for (const text of ["http://u:p@graphs.test/x", "http://10.0.0.1/x", "http://[2001:db8::1]/x"]) {
    const endpoint = readEndpoint(text, text.includes("u:p") ? undefined : "t");
    await assert.rejects(openEndpoint(endpoint, fetch, signal), /not sent over http/);
  }
  assert.equal(asked, 0);
  for (
    const text of ["http://127.0.0.1/x", "http://localhost/x", "http://[::1]/x", "https://a.test/"]
  ) {
    await (await openEndpoint(readEndpoint(text, "t"), fetch, signal)).cancel();
  }
  assert.equal(asked, 4);
});

Deno.test("reasons of the runtime lose the address that they quote", () => {
  const error = new TypeError(
    "error sending request for url (https://a.test/?k=s): refused at http://x/s",
  );
  assert.equal(reasonOf(error), "error sending request: refused at …");
});
