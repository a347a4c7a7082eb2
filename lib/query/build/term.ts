import type { RawTerm } from "../grammar/grammar.d.ts";
import type { Term, Value } from "../tree.ts";
import { type BuildContext, meaningError } from "./context.ts";
import { buildPath } from "./path.ts";

type RawCall = Extract<RawTerm, { readonly type: "call" }>;

/** @throws QueryError for functions with arguments that they do not take */
export function buildTerm(raw: RawTerm, context: BuildContext): Term {
  switch (raw.type) {
    case "all":
    case "text":
      return raw;
    case "id":
      return raw.ids.map((id): Term => ({ type: "id", id }))
        .reduce((left, right) => ({ type: "or", left, right }));
    case "is":
      return context.places.note({ type: "is", kinds: raw.kinds }, raw.at);
    case "and":
    case "or":
      return chain(raw, context);
    case "not":
      return { type: "not", term: buildTerm(raw.term, context) };
    case "context":
      return {
        type: "context",
        path: buildPath(raw.path, context),
        term: buildTerm(raw.term, { ...context, section: undefined }),
      };
    case "call":
      return buildCall(raw, context);
    case "predicate": {
      const { filter, op, value } = raw;
      const path = buildPath(raw.path, context);
      return { type: "predicate", path, filter: filter ?? undefined, op, value };
    }
  }
}

/** Chains may be thousands of terms long, so they are not walked by recursion. */
function chain(raw: RawTerm, context: BuildContext): Term {
  const links: { readonly type: "and" | "or"; readonly right: RawTerm }[] = [];
  let head = raw;
  while (head.type === "and" || head.type === "or") {
    links.push({ type: head.type, right: head.right });
    head = head.left;
  }
  return links.reduceRight<Term>(
    (left, { type, right }) => ({ type, left, right: buildTerm(right, context) }),
    buildTerm(head, context),
  );
}

function buildCall(raw: RawCall, context: BuildContext): Term {
  const path = buildPath(raw.path, context);
  switch (raw.name) {
    case "has_key":
      return { type: "has_key", path, keys: keysOf(raw, context) };
    case "in_subnet":
      return { type: "in_subnet", path, net: netOf(raw, context) };
    case "has_desired_change": {
      if (raw.values.length > 0) {
        throw meaningError(context, raw.at, "has_desired_change takes one property and no value");
      }
      return { type: "has_desired_change", path };
    }
  }
}

function keysOf(raw: RawCall, context: BuildContext): readonly string[] {
  const [value, ...more] = raw.values;
  const keys = Array.isArray(value) ? value : [value];
  if (more.length > 0 || raw.values.length === 0 || !keys.every(isText)) {
    throw meaningError(
      context,
      raw.at,
      "has_key takes a property and one key or a list of keys",
      'For instance has_key(tags, owner) or has_key(tags, ["owner", "cost centre"])',
    );
  }
  return keys;
}

const NET = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

function netOf(raw: RawCall, context: BuildContext): string {
  const [value, ...more] = raw.values;
  const parts = typeof value === "string" ? NET.exec(value)?.slice(1).map(Number) : undefined;
  const [bits = 33] = parts?.slice(-1) ?? [];
  if (more.length > 0 || !isText(value) || bits > 32 || parts?.some((part) => part > 255)) {
    throw meaningError(
      context,
      raw.at,
      "in_subnet takes a property and an IPv4 network",
      'For instance in_subnet(private_ip, "10.0.0.0/8")',
    );
  }
  return value;
}

function isText(value: Value | undefined): value is string {
  return typeof value === "string";
}
