import { Unreadable } from "../source/unreadable.ts";
import type { Place } from "./judge.ts";

/** More of them are no graph of accounts and regions. */
const MOST = 10_000;

/** Places of a file, numbered as they come. */
export class Places {
  readonly #numbers = new Map<string, number>();
  readonly #all: Place[] = [];

  /** @throws Unreadable when there are too many */
  number(place: Place): number {
    const { cloud, account, region } = place;
    const key = JSON.stringify([cloud, account, region?.id, region?.name]);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    if (this.#all.length >= MOST) {
      throw new Unreadable("request", `it names more than ${MOST} accounts and regions`);
    }
    const number = this.#all.push(place) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  at(number: number): Place | undefined {
    return this.#all[number];
  }

  all(): readonly Place[] {
    return this.#all;
  }
}
