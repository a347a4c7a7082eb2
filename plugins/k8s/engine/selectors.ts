import { z } from "zod";
import type { LabelSelector } from "../resource.ts";

const requirement = z.object({
  key: z.string(),
  operator: z.string(),
  values: z.array(z.string()).nullish().transform((values) => values ?? []),
});
const selectorSchema = z.object({
  matchLabels: z.record(z.string(), z.string()).nullish(),
  matchExpressions: z.array(requirement).nullish(),
});
const plainSchema = z.record(z.string(), z.string());

/**
 * Reads a selector, in the form of a service (labels alone) or in that of everything else. One that
 * is empty selects nothing or its whole namespace, and makes no edges: undefined.
 */
export function readSelector(value: unknown): LabelSelector | undefined {
  const plain = plainSchema.safeParse(value);
  const full = selectorSchema.safeParse(value);
  const isPlain = plain.success && Object.keys(plain.data).length > 0;
  const selector = isPlain ? { matchLabels: plain.data, matchExpressions: [] } : full.success
    ? {
      matchLabels: full.data.matchLabels ?? {},
      matchExpressions: full.data.matchExpressions ?? [],
    }
    : { matchLabels: {}, matchExpressions: [] };
  const { matchLabels, matchExpressions } = selector;
  const isEmpty = Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;
  return isEmpty ? undefined : selector;
}

type Labels = Readonly<Record<string, string>>;

/** Whether a selector matches these labels; an operator that is not known matches nothing. */
export function matches({ matchLabels, matchExpressions }: LabelSelector, labels: Labels): boolean {
  return Object.entries(matchLabels).every(([key, value]) => own(labels, key) === value) &&
    matchExpressions.every(({ key, operator, values }) => {
      const value = own(labels, key);
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          return false;
      }
    });
}

function own(labels: Labels, key: string): string | undefined {
  return Object.hasOwn(labels, key) ? labels[key] : undefined;
}

/** Who selects: gets the ids of all pods that match. */
interface Selecting {
  readonly selector: LabelSelector;
  readonly selected: string[];
}

/**
 * The selectors of a cluster. Pods are too many to be kept, so they pass by, and each selector keeps
 * the ids of those that it matches.
 */
export class SelectorIndex {
  /** By namespace, and there by a label that must be present; those without one under no label. */
  readonly #namespaces = new Map<string, Map<string, Selecting[]>>();

  /** @returns the list that the ids of matching pods come into */
  add(namespace: string, selector: LabelSelector): readonly string[] {
    const inside = this.#namespaces.get(namespace) ?? new Map<string, Selecting[]>();
    this.#namespaces.set(namespace, inside);
    const [first] = Object.entries(selector.matchLabels);
    const key = first === undefined ? "" : labelText(...first);
    const selecting: Selecting = { selector, selected: [] };
    inside.set(key, [...inside.get(key) ?? [], selecting]);
    return selecting.selected;
  }

  /** Whether any selector waits for pods. */
  get isEmpty(): boolean {
    return this.#namespaces.size === 0;
  }

  /** A pod passes by. */
  pod(namespace: string, uid: string, labels: Labels): void {
    const inside = this.#namespaces.get(namespace);
    if (inside === undefined) return;
    for (const key of ["", ...Object.entries(labels).map((label) => labelText(...label))]) {
      for (const { selector, selected } of inside.get(key) ?? []) {
        if (matches(selector, labels)) selected.push(uid);
      }
    }
  }
}

function labelText(key: string, value: string): string {
  return `${key}=${value}`;
}
