import {
  type KindIndex,
  propertyPaths,
  type PropertyType,
  typeForm,
  valueKind,
} from "../model/mod.ts";
import type { Path, PathStep } from "./tree.ts";

/** Type of a path whose content no model describes. */
export const ANY: PropertyType = "any";

/** What the host adds to every node, by section. */
const OWN: Readonly<Record<string, PropertyType>> = {
  "desired.clean": "boolean",
  "metadata.phantom": "boolean",
  "metadata.protected": "boolean",
  "metadata.cleaned": "boolean",
  "metadata.stale": "boolean",
  "metadata.expires": "datetime",
  "metadata.first_seen_at": "datetime",
  "metadata.last_seen_at": "datetime",
  "metadata.changed_at": "datetime",
};

/** Synthetic ages by the date that they are computed from. */
export const AGES: ReadonlyMap<string, string> = new Map([
  ["age", "ctime"],
  ["last_update", "mtime"],
  ["last_access", "atime"],
]);

/** Types of all properties of all kinds. A name means the same in every kind. */
export class PropertyTypes {
  readonly #types = new Map<string, PropertyType>();

  constructor(kinds: KindIndex) {
    const all = [...kinds.all()];
    const byName = new Map(all.map((kind) => [kind.name, kind]));
    for (const kind of all.filter(({ nested }) => nested !== true)) {
      for (const { path, type } of propertyPaths(kind, byName)) this.#types.set(path, type);
    }
  }

  /** Type of a path from the root of a document; undefined when no kind has such a property. */
  typeOf(path: Path): PropertyType | undefined {
    const [first, second, ...more] = path;
    switch (first?.name) {
      case "reported":
        return second === undefined ? "object" : this.#reported([second, ...more]);
      case "ancestors":
      case "descendants":
        return this.typeOf(more);
      case "desired":
      case "metadata":
        if (second === undefined) return "object";
        return more.length > 0 ? undefined : OWN[`${first.name}.${second.name}`];
      default:
        return first?.name === "_key" ? "string" : ANY;
    }
  }

  /** Names that could stand at the end of a path. */
  namesBeside(path: Path): readonly string[] {
    const reported = path.findIndex(({ name }) => name === "reported");
    const parent = path.slice(0, -1);
    if (reported < 0) {
      const prefix = `${parent.map(({ name }) => name).join(".")}.`;
      return below(Object.keys(OWN), prefix);
    }
    const prefix = parent.slice(reported + 1).map(({ name }) => `${name}.`).join("");
    return below(this.#types.keys(), prefix);
  }

  #reported(steps: readonly PathStep[]): PropertyType | undefined {
    let at = "";
    let type: PropertyType = "object";
    for (const { name, index } of steps) {
      const known: PropertyType | undefined = this.#types.get(`${at}${name}`);
      const form = typeForm(type);
      if (known !== undefined) {
        type = known;
        at += `${name}.`;
      } else if (form.form === "dictionary") {
        type = form.of;
        at += "*.";
      } else if (valueKind(type) === ANY) type = ANY;
      else return undefined;
      if (index !== undefined) type = elementType(type);
    }
    return type;
  }
}

/** Type of the elements of an array. */
export function elementType(type: PropertyType): PropertyType {
  const form = typeForm(type);
  return form.form === "array" ? form.of : ANY;
}

function below(paths: Iterable<string>, prefix: string): readonly string[] {
  return [...paths].filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(prefix.length))
    .filter((name) => name !== "" && !name.includes("."));
}
