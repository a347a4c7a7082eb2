import type { Predicate, Term } from "../tree.ts";
import { cannotSay, type QueryDialect } from "./dialect.ts";
import { printPath } from "./path.ts";
import { printName, printText, printValue } from "./value.ts";

type Names = ReadonlySet<string> | "inner";

/** A term without parentheses around it. */
export function printTerm(term: Term, dialect: QueryDialect, names: Names): string {
  const links: string[] = [];
  let head = term;
  while (head.type === "and" || head.type === "or") {
    links.push(`${head.type} ${printOperand(head.right, dialect, names)}`);
    head = head.left;
  }
  return [printLeaf(head, dialect, names), ...links.toReversed()].join(" ");
}

/** A term with parentheses where more than one term is in it. */
function printOperand(term: Term, dialect: QueryDialect, names: Names): string {
  const text = printTerm(term, dialect, names);
  return term.type === "and" || term.type === "or" ? `(${text})` : text;
}

function printLeaf(
  term: Term,
  dialect: QueryDialect,
  names: Names,
): string {
  switch (term.type) {
    case "all":
      return "all";
    case "is": {
      const kinds = term.kinds.map(printName).join(", ");
      return `is(${term.kinds.length === 1 ? kinds : `[${kinds}]`})`;
    }
    case "id":
      return `id(${printName(term.id)})`;
    case "predicate":
      return printPredicate(term, dialect, names);
    case "has_key": {
      const keys = term.keys.map(printText).join(", ");
      return `has_key(${printPath(term.path, dialect, names)}, [${keys}])`;
    }
    case "in_subnet":
      return `in_subnet(${printPath(term.path, dialect, names)}, ${printText(term.net)})`;
    case "has_desired_change":
      return `has_desired_change(${printPath(term.path, dialect, names)})`;
    case "context": {
      if (dialect === "ckcore") throw cannotSay("several conditions on one element", dialect);
      const inner = printTerm(term.term, dialect, "inner");
      return `${printPath(term.path, dialect, names)}.{${inner}}`;
    }
    case "text":
      if (dialect === "ckcore") throw cannotSay("full text", dialect);
      return printText(term.text);
    case "and":
    case "or":
      return printTerm(term, dialect, names);
    case "not":
      return `not(${printOperand(term.term, dialect, names)})`;
  }
}

function printPredicate(
  { path, filter, op, value }: Predicate,
  dialect: QueryDialect,
  names: Names,
): string {
  const quantifier = filter === undefined ? "" : ` ${filter}`;
  return `${printPath(path, dialect, names)}${quantifier} ${op} ${printValue(value)}`;
}
