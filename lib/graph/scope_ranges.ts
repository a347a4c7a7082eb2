import type { Place } from "./places.ts";

/** Half-open range of scope ranks. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * Ranks of the scopes (cloud, account, region name), such that an account and a cloud are ranges
 * of ranks.
 */
export interface ScopeRanges {
  /** Number of scopes; ranks are below it. */
  readonly count: number;
  /** Rank of the scope of a place. */
  rank(place: number): number;
  /** Region, account, cloud, everywhere, as seen from a place. */
  nearestFirst(place: number): readonly Range[];
}

export function scopeRanges(places: readonly Place[]): ScopeRanges {
  const texts = [...new Set(places.map(regionText))].sort();
  const ranks = new Map(texts.map((text, rank) => [text, rank]));
  const rankOf = places.map((place) => ranks.get(regionText(place)) ?? 0);
  const accounts = spans(places, rankOf, accountText);
  const clouds = spans(places, rankOf, (place) => place.cloud + END);
  const all = { from: 0, to: texts.length };
  const rank = (place: number) => rankOf[place] ?? 0;
  const ranges = places.map((place, number) => [
    { from: rank(number), to: rank(number) + 1 },
    accounts.get(accountText(place)) ?? all,
    clouds.get(place.cloud + END) ?? all,
    all,
  ]);
  return { count: texts.length, rank, nearestFirst: (place) => ranges[place] ?? [all] };
}

/** Sorts before every other character, so that scopes of one account stand together. */
const END = "\0";

function accountText(place: Place): string {
  return place.cloud + END + place.account + END;
}

function regionText(place: Place): string {
  return accountText(place) + place.regionName;
}

function spans(
  places: readonly Place[],
  rankOf: readonly number[],
  text: (place: Place) => string,
): ReadonlyMap<string, Range> {
  const spans = new Map<string, Range>();
  for (const [number, place] of places.entries()) {
    const rank = rankOf[number] ?? 0;
    const span = spans.get(text(place)) ?? { from: rank, to: rank + 1 };
    spans.set(text(place), {
      from: Math.min(span.from, rank),
      to: Math.max(span.to, rank + 1),
    });
  }
  return spans;
}
