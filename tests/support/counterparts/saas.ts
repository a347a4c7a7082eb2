import type { FakeApi, FakeEffect, FakeRule } from "../saas/fake_api.ts";
import type { Counterpart, Trouble } from "./counterpart.ts";
import type { Configuration } from "./plugin_store.ts";

/** A simulated service, and the rules by which something goes wrong there. */
export function serviceCounterpart(
  service: FakeApi,
  options: Configuration["options"],
  troubles: Readonly<Record<Trouble, FakeRule>>,
): Counterpart {
  return {
    configuration: { options },
    trouble: (what) => service.setRules(what === undefined ? [] : [troubles[what]]),
    [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
  };
}

/** An answer that refuses. */
export function refuse(status: number, body: object = {}): FakeEffect {
  return { type: "answer", status, body: JSON.stringify(body) };
}

/**
 * A good list whose first record is none.
 * @param member of the answer that holds the list; undefined: the answer itself is it
 */
export function withoutFirst(member?: string): FakeEffect {
  return {
    type: "change",
    change: (value) => {
      const list: unknown = member === undefined ? value : Reflect.get(Object(value), member);
      const spoilt = Array.isArray(list) ? [null, ...list.slice(1)] : list;
      return member === undefined ? spoilt : { ...Object(value), [member]: spoilt };
    },
  };
}
