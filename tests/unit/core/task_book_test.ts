import assert from "node:assert/strict";
import { TaskBook } from "../../../lib/core/mod.ts";
import { ManualClock } from "../../support/manual_clock.ts";
import { until } from "../../support/until.ts";

function task(id: string) {
  return { id, name: "tag", data: {}, attrs: {} };
}

function stage(limits: ConstructorParameters<typeof TaskBook>[0]["limits"] & object) {
  const clock = new ManualClock();
  const ran: string[] = [];
  const handle = ({ id }: { id: string }) => {
    ran.push(id);
    return Promise.resolve("x".repeat(100));
  };
  const book = new TaskBook({ handle, describe: String, clock, limits });
  return { clock, ran, book };
}

Deno.test("TaskBook remembers results by number, length and age", async () => {
  for (const limits of [{ answers: 2 }, { characters: 350 }]) {
    const { book, ran } = stage(limits);
    for (const id of ["1", "2", "3", "3", "2", "1"]) await book.receive(task(id)).answer;
    assert.deepEqual(ran, ["1", "2", "3", "1"]);
  }
  const { book, ran, clock } = stage({ keepMs: 1_000 });
  await book.receive(task("1")).answer;
  clock.advance(1_000);
  await book.receive(task("1")).answer;
  clock.advance(1_001);
  await book.receive(task("1")).answer;
  assert.deepEqual(ran, ["1", "1"]);
});

Deno.test("TaskBook counts deliveries and gives the same answer to each", async () => {
  const { book, ran } = stage({});
  const [first, second] = [book.receive(task("1")), book.receive(task("1"))];
  assert.deepEqual([first.times(), second.times()], [2, 2]);
  assert.equal(await first.answer, await second.answer);
  assert.deepEqual(ran, ["1"]);
  const { done, repeated, running, waiting } = book.snapshot();
  assert.deepEqual({ done, repeated, running, waiting }, {
    done: 1,
    repeated: 1,
    running: 0,
    waiting: 0,
  });
});

/** A book whose tasks run until their signal ends them, one at a time. */
function endless() {
  const clock = new ManualClock();
  const begun: string[] = [];
  const handle = ({ id }: { id: string }, signal: AbortSignal) => {
    begun.push(id);
    return new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  };
  const describe = (error: unknown) => error instanceof Error ? error.message : "";
  const limits = { concurrency: 1, answerMs: 28_000 };
  return { clock, begun, book: new TaskBook({ handle, describe, clock, limits }) };
}

Deno.test("TaskBook ends a task when the core no longer waits, its time in the queue included", async () => {
  const { book, clock, begun } = endless();
  const first = book.receive(task("1"));
  clock.advance(20_000);
  const second = book.receive(task("2"));
  clock.advance(8_000);
  assert.match(await first.answer, /took too long \(28 s\)/);
  while (begun.length < 2) await Promise.resolve();
  assert.deepEqual(clock.asleep, [20_000]);
  clock.advance(20_000);
  assert.match(await second.answer, /took too long/);
});

Deno.test("TaskBook gives a task that comes again while it runs more time", async () => {
  const { book, clock, begun } = endless();
  const { answer } = book.receive(task("1"));
  while (begun.length < 1) await Promise.resolve();
  clock.advance(20_000);
  book.receive(task("1"));
  clock.advance(8_000);
  await until(() => clock.asleep.length === 1, "more time");
  assert.deepEqual(clock.asleep, [20_000]);
  clock.advance(20_000);
  assert.match(await answer, /took too long/);
});
