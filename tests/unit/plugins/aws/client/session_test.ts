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
