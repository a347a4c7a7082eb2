import assert from "node:assert/strict";
import { type Credentials, Session } from "../../../../../plugins/aws/client/session.ts";

function stage(lifeMs: number | undefined) {
  const time = { now: 1_000_000 };
  const asked: boolean[] = [];
  const session = new Session("1", "role", (refused) => {
    asked.push(refused);
    const credentials: Credentials = {
      accessKeyId: `key ${asked.length}`,
      secretAccessKey: "secret",
      ...(lifeMs === undefined ? {} : { expiration: new Date(time.now + lifeMs) }),
    };
    return Promise.resolve(credentials);
  }, () => time.now);
  return { time, asked, session };
}

Deno.test("Session obtains credentials once for all who ask", async () => {
  const { asked, session } = stage(3_600_000);
  await Promise.all([session.credentials(), session.credentials()]);
  await session.credentials();
  assert.equal(asked.length, 1);
});

Deno.test("Session renews credentials before they expire", async () => {
  const { time, session } = stage(3_600_000);
  await session.credentials();
  time.now += 3_600_000 - 6 * 60_000;
  assert.equal((await session.credentials()).accessKeyId, "key 1");
  time.now += 2 * 60_000;
  const [first, second] = await Promise.all([session.credentials(), session.credentials()]);
  assert.deepEqual([first.accessKeyId, second.accessKeyId], ["key 2", "key 2"]);
});

Deno.test("Session replaces refused credentials once and asks for others", async () => {
  const { asked, session } = stage(undefined);
  await session.credentials();
  session.refresh(0);
  session.refresh(0);
  assert.equal((await session.credentials()).accessKeyId, "key 2");
  assert.equal(session.generation, 1);
  assert.deepEqual(asked, [false, true]);
});

Deno.test("Session asks again after a failure", async () => {
  let asked = 0;
  const session = new Session("1", undefined, () => {
    return ++asked === 1
      ? Promise.reject(new Error("not yet"))
      : Promise.resolve({ accessKeyId: "key", secretAccessKey: "secret" });
  }, () => 0);
  await assert.rejects(session.credentials(), /not yet/);
  assert.equal((await session.credentials()).accessKeyId, "key");
});

Deno.test("Session asks a source that gives what is about to expire once a minute, not for every call", async () => {
  const { time, asked, session } = stage(3 * 60_000);
  for (let second = 0; second < 100; second++) {
    time.now += 1_000;
    await session.credentials();
  }
  assert.ok(asked.length <= 3, `${asked.length} times in 100 s`);
});

Deno.test("Session goes on with credentials that are good while they cannot be renewed", async () => {
  const time = { now: 0 };
  let asked = 0;
  const session = new Session("1", "role", () => {
    if (++asked > 1) return Promise.reject(new Error("STS is away"));
    const expiration = new Date(3_600_000);
    return Promise.resolve({ accessKeyId: "key", secretAccessKey: "secret", expiration });
  }, () => time.now);
  await session.credentials();
  time.now = 3_600_000 - 2 * 60_000;
  assert.equal((await session.credentials()).accessKeyId, "key");
  time.now = 3_600_001;
  await assert.rejects(session.credentials(), /STS is away/);
});

Deno.test("Session keeps its credentials when its account becomes known", async () => {
  const { asked, session } = stage(undefined);
  await session.credentials();
  await session.named("111111111111").credentials();
  assert.equal(asked.length, 1);
});
