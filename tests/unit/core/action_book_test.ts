import assert from "node:assert/strict";
import { type Action, ActionBook } from "../../../lib/core/mod.ts";
import { ManualClock } from "../../support/manual_clock.ts";

function action(task: string, step = "collect", messageType = "collect"): Action {
  return { task, step, messageType, data: { task, step } };
}

Deno.test("ActionBook takes task, step and name together for the same action", () => {
  const book = new ActionBook(new ManualClock());
  const socket = {};
  const all = [action("1"), action("2"), action("1", "x"), action("1", "collect", "cleanup")];
  for (const one of all) assert.equal(book.receive(one, socket), "new");
  for (const one of all) assert.equal(book.receive(one, socket), "open");
  book.drop(action("2"));
  assert.equal(book.receive(action("2"), socket), "new");
});

Deno.test("ActionBook gives an answer once for each socket that asks", () => {
  const book = new ActionBook(new ManualClock());
  const [first, second] = [{ name: 1 }, { name: 2 }];
  book.receive(action("1"), first);
  assert.equal(book.next(), undefined);
  book.answer(action("1"), "done");
  const answer = book.next() ?? assert.fail("no answer");
  assert.deepEqual([answer.text, answer.isRepeated], ["done", false]);
  book.sent(answer.key, first);
  // It crossed the answer on its way.
  assert.equal(book.receive(action("1"), first), "answered");
  assert.equal(book.next(), undefined);
  assert.equal(book.receive(action("1"), second), "answered");
  assert.deepEqual(book.next(), { key: answer.key, text: "done", isRepeated: true });
});

Deno.test("ActionBook forgets old answers and those beyond its bound, never what is open", () => {
  const clock = new ManualClock();
  const book = new ActionBook(clock, { answers: 2, keepMs: 1_000 });
  const socket = {};
  for (const task of ["open", "1", "2", "3"]) book.receive(action(task), socket);
  for (const task of ["1", "2", "3"]) book.answer(action(task), task);
  assert.equal(book.receive(action("1"), socket), "new");
  assert.equal(book.receive(action("2"), socket), "answered");
  clock.advance(1_001);
  assert.equal(book.receive(action("2"), socket), "new");
  assert.equal(book.receive(action("open"), socket), "open");
  assert.equal(book.next(), undefined);
});
