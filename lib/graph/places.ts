import { Names } from "./grow.ts";

/** Where a node lies, all as text; the ids of what is missing are `undefined`. */
export interface Place {
  readonly cloud: string;
  readonly account: string;
  /** Region id. */
  readonly region: string;
  /** Region name; of a region node its own. */
  readonly regionName: string;
  readonly zone: string;
  /** Part of the identity: the name of a region node, else empty. */
  readonly ownName: string;
}

/** The places of all nodes under consecutive numbers: a few thousand for millions of nodes. */
export class Places {
  readonly #numbers = new Names();
  readonly #identities = new Names();
  readonly #places: Place[] = [];
  readonly #identityOf: number[] = [];
  #last = -1;

  number(place: Place): number {
    const last = this.#places[this.#last];
    if (last !== undefined && equal(last, place)) return this.#last;
    const text = `${identityText(place)}\0${place.regionName}`;
    const number = this.#numbers.number(text);
    if (number === this.#places.length) {
      this.#places.push(place);
      this.#identityOf.push(this.#identities.number(identityText(place)));
    }
    this.#last = number;
    return number;
  }

  /** @throws Error for a number that {@link number} did not return */
  at(number: number): Place {
    const place = this.#places[number];
    if (place === undefined) throw new Error(`no place has the number ${number}`);
    return place;
  }

  /** Number shared by the places that are the same in an identity, which holds no region name. */
  identity(number: number): number {
    return this.#identityOf[number] ?? -1;
  }

  all(): readonly Place[] {
    return this.#places;
  }
}

function identityText(place: Place): string {
  const { cloud, account, region, zone, ownName } = place;
  return `${cloud}\0${account}\0${region}\0${zone}\0${ownName}`;
}

function equal(left: Place, right: Place): boolean {
  return left.region === right.region && left.account === right.account &&
    left.zone === right.zone && left.regionName === right.regionName &&
    left.ownName === right.ownName && left.cloud === right.cloud;
}
