import assert from "node:assert/strict";
import fc from "fast-check";
import { addressOf, parseServer } from "../../../../plugins/onprem/access/server.ts";
import { manifest } from "../../../../plugins/onprem/manifest.ts";

const GOOD: Readonly<Record<string, object>> = {
  "web1": { host: "web1", port: 22 },
  "web1:2222": { host: "web1", port: 2222 },
  "ann@web1.corp.test": { host: "web1.corp.test", port: 22, user: "ann" },
  "ann@corp.test@10.0.0.1:22": { host: "10.0.0.1", port: 22, user: "ann@corp.test" },
  "[::1]": { host: "::1", port: 22 },
  "root@[2001:db8::1]:2222": { host: "2001:db8::1", port: 2222, user: "root" },
  "lab%web1": { host: "web1", port: 22, place: { location: "lab" } },
  "lab%left%web1": { host: "web1", port: 22, place: { location: "lab", region: "left" } },
  "My lab%left%dmz%ann@web1:1": {
    host: "web1",
    port: 1,
    user: "ann",
    place: { location: "My lab", region: "left", network: "dmz" },
  },
  " lab % left % web1 ": { host: "web1", port: 22, place: { location: "lab", region: "left" } },
};

for (const [text, server] of Object.entries(GOOD)) {
  Deno.test(`parseServer() reads "${text}"`, () => {
    assert.deepEqual(parseServer(text), { text: text.trim(), ...server });
  });
}

const BAD: Readonly<Record<string, RegExp>> = {
  "": /has no host/,
  "  ": /has no host/,
  "user@": /has no host/,
  "@web1": /has no user before @/,
  "a b@web1": /has a user that is none: "a b"/,
  "web1:": /has a port that is none: ""/,
  "web1:0": /has a port that is none: "0"/,
  "web1:99999": /has a port that is none: "99999"; write 1 to 65535/,
  "web1:ssh": /has a port that is none: "ssh"/,
  "web 1": /has a host that is none: "web 1"/,
  "-oProxyCommand=x": /has a host that is none/,
  "*.corp.test": /has a host that is none/,
  "a%%web1": /has an empty region; leave out its % as well/,
  "%web1": /has an empty location/,
  "a%b%%web1": /has an empty network/,
  "a%b%c%d%web1": /has more than location, region and network/,
  "a\u0007%web1": /has control characters in its location/,
  "::1": /is an IPv6 address without brackets; write \[::1\]/,
  "[::1": /has a host that is none/,
  "[web1]:22": /has no IPv6 address in its brackets: "web1"/,
  "[::1]22": /has a port that is none/,
  "[fe80::1::2]": /has no IPv6 address in its brackets/,
};

for (const [text, fault] of Object.entries(BAD)) {
  Deno.test(`parseServer() refuses ${JSON.stringify(text)}`, () => {
    const found = parseServer(text);
    assert.ok(typeof found === "string", JSON.stringify(found));
    assert.match(found, fault);
  });
}

Deno.test("parseServer() gives rights to one host and port, whatever the text is", () => {
  fc.assert(fc.property(fc.string({ maxLength: 40 }), (text) => {
    const server = parseServer(text);
    if (typeof server === "string") return;
    assert.match(addressOf(server), /^([\w.-]+|\[[0-9A-Fa-f:.]+\]):\d{1,5}$/);
  }));
});

function issuesOf(options: Readonly<Record<string, unknown>>): readonly string[] {
  const { error } = manifest.options.safeParse(options);
  return error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
}

Deno.test("options: each bad server is named, with what servers are", () => {
  assert.deepEqual(issuesOf({ server: ["web1", "user@", "web2:0"] }), [
    'server.1: server "user@" has no host; servers are [LOCATION%[REGION%[NETWORK%]]][USER@]HOST[:PORT]',
    'server.2: server "web2:0" has a port that is none: "0"; write 1 to 65535; servers are ' +
    "[LOCATION%[REGION%[NETWORK%]]][USER@]HOST[:PORT]",
  ]);
});

Deno.test("options: a host can be in a region once only, whatever its port", () => {
  assert.match(issuesOf({ server: ["web1", "WEB1:2222"] })[0] ?? "", /names WEB1 twice in Default/);
  assert.match(issuesOf({ server: ["Default location%Default region%a", "a"] })[0] ?? "", /twice/);
  assert.match(issuesOf({ server: ["x%a", "x%b@a"] })[0] ?? "", /names a twice in x;/);
  assert.deepEqual(issuesOf({ server: ["x%y%a", "x%z%a", "y%y%a", "x%a", "a"] }), []);
});

Deno.test("options: names, login names and sizes", () => {
  assert.equal(issuesOf({ location: " " }).length, 1);
  assert.equal(issuesOf({ region: "" }).length, 1);
  assert.equal(issuesOf({ ssh_user: "a b" }).length, 1);
  assert.equal(issuesOf({ pool_size: 0 }).length, 1);
  const { location, region, ssh_user, server, pool_size, fork } = manifest.options.parse({});
  assert.deepEqual([location, region, ssh_user, server, pool_size, fork], [
    "Default location",
    "Default region",
    "root",
    [],
    5,
    false,
  ]);
});

Deno.test("manifest: as many guests as cores when the servers are spread", () => {
  const guests = (fork: boolean) => manifest.guests?.(manifest.options.parse({ fork }), 4);
  assert.deepEqual([guests(true), guests(false)], [4, 1]);
});
