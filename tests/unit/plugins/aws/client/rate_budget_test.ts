import assert from "node:assert/strict";
import { Budgets } from "../../../../../plugins/aws/client/budgets.ts";
import { RateBudget } from "../../../../../plugins/aws/client/rate_budget.ts";
import { SimulatedClock } from "../../../../support/simulated_clock.ts";

const signal = new AbortController().signal;

/** A service that allows so many requests a second, with a burst of as many. */
class LimitedService {
  throttles = 0;
  answers = 0;
  #tokens: number;
  #at: number;

  constructor(readonly clock: SimulatedClock, readonly rate: number) {
    this.#tokens = rate;
    this.#at = clock.now();
  }

  request(): boolean {
    const now = this.clock.now();
    this.#tokens = Math.min(this.rate, this.#tokens + (now - this.#at) / 1_000 * this.rate);
    this.#at = now;
    const allowed = this.#tokens >= 1;
    if (allowed) this.#tokens--;
    if (allowed) this.answers++;
    else this.throttles++;
    return allowed;
  }
}

/** Workers that ask as fast as they may for so many seconds of simulated time. */
async function load(
  clock: SimulatedClock,
  budget: RateBudget,
  service: LimitedService,
  seconds: number,
): Promise<void> {
  const end = clock.now() + seconds * 1_000;
  const worker = async () => {
    while (clock.now() < end) {
      await budget.take(signal);
      await clock.sleep(20, signal);
      if (service.request()) budget.answered();
      else {
        budget.throttled();
        await clock.sleep(100 + 200 * clock.random(), signal);
      }
    }
  };
  await clock.run(Promise.all(Array.from({ length: 10 }, worker)));
}

for (const rate of [5, 20, 100]) {
  Deno.test(`RateBudget uses at least 90 % of a hidden limit of ${rate}/s with under 1 % throttled`, async () => {
    const clock = new SimulatedClock();
    const budget = new RateBudget(clock);
    const warmUp = new LimitedService(clock, rate);
    await load(clock, budget, warmUp, 60);
    const service = new LimitedService(clock, rate);
    await load(clock, budget, service, 300);
    const share = service.answers / (300 * rate);
    const throttled = service.throttles / (service.answers + service.throttles);
    assert.ok(share >= 0.9, `used ${share}`);
    assert.ok(throttled < 0.01, `throttled ${throttled}`);
  });
}

Deno.test("RateBudget does not wait before the first throttle", async () => {
  const clock = new SimulatedClock();
  const budget = new RateBudget(clock);
  for (let i = 0; i < 1_000; i++) await budget.take(signal);
  assert.equal(clock.now(), new SimulatedClock().now());
  assert.equal(budget.learned, undefined);
});

Deno.test("RateBudget stays closed for as long as the service asked", async () => {
  const clock = new SimulatedClock();
  const budget = new RateBudget(clock);
  const before = clock.now();
  budget.throttled(7_000);
  await clock.run(budget.take(signal));
  assert.ok(clock.now() - before >= 7_000);
});

Deno.test("RateBudget counts the throttles of one burst once", () => {
  const clock = new SimulatedClock();
  const budget = new RateBudget(clock);
  for (let i = 0; i < 100; i++) budget.answered();
  for (let i = 0; i < 50; i++) budget.throttled();
  assert.equal(Math.round(budget.learned?.rate ?? 0), 90);
});

Deno.test("RateBudget lets others pass when one that waits is stopped", async () => {
  const clock = new SimulatedClock();
  const budget = new RateBudget(clock);
  budget.throttled(1_000);
  const stop = new AbortController();
  const stopped = budget.take(stop.signal);
  const next = budget.take(signal);
  stop.abort(new Error("stopped"));
  await assert.rejects(clock.run(stopped), /stopped/);
  await clock.run(next);
});

Deno.test("Budgets start with what an earlier run learned, and hand on what they learned", async () => {
  const clock = new SimulatedClock();
  const at = new Date(clock.now() - 60_000).toISOString();
  const budgets = new Budgets(clock, [{ key: "1/eu-west-1/ec2", rate: 2, at }]);
  const budget = budgets.of("1", "eu-west-1", "ec2");
  const before = clock.now();
  for (let i = 0; i < 11; i++) await clock.run(budget.take(signal));
  assert.ok(clock.now() - before > 2_000, "two requests a second");
  assert.deepEqual(budgets.release("1").map(({ key }) => key), ["1/eu-west-1/ec2"]);
  assert.deepEqual(budgets.release("1"), []);
});

Deno.test("Budgets forget what was learned weeks ago, and unlimited ones", () => {
  const clock = new SimulatedClock();
  const old = new Date(clock.now() - 30 * 24 * 3_600_000).toISOString();
  const budgets = new Budgets(clock, [
    { key: "1/a/ec2", rate: 2, at: old },
    { key: "1/a/iam", rate: null, at: new Date(clock.now()).toISOString() },
  ]);
  assert.equal(budgets.of("1", "a", "ec2").learned, undefined);
  assert.equal(budgets.of("1", "a", "iam").learned, undefined);
});

Deno.test("Budgets learned by a clock that ran ahead recover like others", async () => {
  const clock = new SimulatedClock();
  const at = new Date(clock.now() + 365 * 24 * 3_600_000).toISOString();
  const budgets = new Budgets(clock, [{ key: "1/a/ec2", rate: 0.2, at }]);
  const budget = budgets.of("1", "a", "ec2");
  const before = clock.now();
  for (let i = 0; i < 200; i++) await clock.run(budget.take(signal));
  assert.ok(clock.now() - before < 5 * 60_000, `${(clock.now() - before) / 1_000} s for 200 calls`);
});
