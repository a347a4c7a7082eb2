import { chance } from "./chance.ts";
import type { RandomOptions } from "./options.ts";

/** What resources there are, and how many of each among a hundred. */
const SHARES = {
  network: 1,
  subnet: 4,
  security_group: 5,
  instance: 25,
  volume: 30,
  snapshot: 13,
  load_balancer: 3,
  ip_address: 9,
  database: 3,
  bucket: 5,
  user: 2,
} as const;

/** A kind of resource without its prefix. */
export type Thing = keyof typeof SHARES;

/** All of them, in the order in which they are listed. */
export const THINGS = Object.keys(SHARES).filter(isThing);

/** Which of a hundred resources are of which kind: one of each comes first, however few there are. */
const PATTERN: readonly Thing[] = [
  ...THINGS,
  ...THINGS.flatMap((thing) => Array.from({ length: SHARES[thing] - 1 }, () => thing)),
];

/** Digits of an account id that number it; those before them are the seed. */
const ACCOUNT_DIGITS = 6;

/** One region of one account. */
export interface Place {
  readonly account: string;
  readonly region: { readonly id: string; readonly name: string };
  /** Resources in it. */
  readonly size: number;
}

/** What became of a resource by the churn that was asked for. */
export type Fate = "kept" | "changed" | "replaced" | "gone";

/** Whether a text names a kind of resource. */
export function isThing(text: string): text is Thing {
  return Object.hasOwn(SHARES, text);
}

/** Ids of the accounts. */
export function accountsOf({ accounts, seed }: RandomOptions): readonly string[] {
  return Array.from({ length: accounts }, (_, index) => accountId(seed, index));
}

function accountId(seed: number, index: number): string {
  return `${seed}`.padStart(6, "0") + `${index}`.padStart(ACCOUNT_DIGITS, "0");
}

/** The regions of an account, none if it is another cloud's; resources are spread evenly. */
export function placesOf(options: RandomOptions, account: string): readonly Place[] {
  const { size, accounts, regions, seed } = options;
  const index = Number(account.slice(-ACCOUNT_DIGITS));
  if (!(index < accounts) || accountId(seed, index) !== account) return [];
  const places = accounts * regions;
  return Array.from({ length: regions }, (_, region) => ({
    account,
    region: { id: `random-${region + 1}`, name: `Random ${region + 1}` },
    size: Math.floor(size / places) + (index * regions + region < size % places ? 1 : 0),
  }));
}

/** How many resources of a kind a place has. */
export function countOf(thing: Thing, { size }: Place): number {
  const rest = PATTERN.slice(0, size % PATTERN.length).filter((each) => each === thing).length;
  return Math.floor(size / PATTERN.length) * SHARES[thing] + rest;
}

/** What becomes of one resource, always the same for one seed and one churn. */
export function fateOf(
  { seed, churn }: RandomOptions,
  thing: Thing,
  { account, region }: Place,
  number: number,
): Fate {
  const draw = chance(seed, "churn", thing, account, region.id, number);
  if (draw % 100 >= churn) return "kept";
  return (["changed", "replaced", "gone"] as const)[Math.floor(draw / 100) % 3] ?? "kept";
}

/** Id of a resource; one that was replaced has another than before. */
export function idOf(
  options: RandomOptions,
  thing: Thing,
  place: Place,
  number: number,
): string {
  const isNew = fateOf(options, thing, place, number) === "replaced";
  const mark = chance(options.seed, thing, place.account, place.region.id, number, isNew ? 1 : 0);
  return `${thing.replaceAll("_", "-")}-${number.toString(36)}-${hex(mark)}`;
}

/** Number of a resource among those of its kind and place, by its id; undefined when it has none. */
export function numberOf(
  options: RandomOptions,
  thing: Thing,
  place: Place,
  id: string,
): number | undefined {
  const number = parseInt(id.split("-").at(-2) ?? "", 36);
  if (!(number < countOf(thing, place)) || idOf(options, thing, place, number) !== id) {
    return undefined;
  }
  return fateOf(options, thing, place, number) === "gone" ? undefined : number;
}

function hex(value: number): string {
  return value.toString(16).padStart(8, "0");
}
