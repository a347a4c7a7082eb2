import { z } from "zod";
import { CoreMessageError } from "../errors/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import type { ChangeNode } from "../sdk/mod.ts";

const values = z.record(z.string(), z.unknown());
const LEVELS = ["cloud", "account", "region", "zone"] as const;
type Level = typeof LEVELS[number];

/** A node as a core puts it into a task; what else it says is left alone. */
export const taskNodeSchema = z.object({
  id: z.string().min(1),
  reported: z.looseObject({
    kind: z.string().min(1),
    id: z.string().min(1),
    name: z.string().nullish(),
    tags: z.record(z.string(), z.string()).nullish(),
  }),
  metadata: values.nullish(),
  desired: values.nullish(),
  /** Where the newer generation of cores tells the ancestors; the older has them in `reported`. */
  ancestors: values.nullish(),
});

const placeSchema = z.looseObject({ id: z.string().min(1), name: z.string().nullish() });
type Place = z.infer<typeof placeSchema>;

/**
 * What a worker sends in `metadata`. The rest is a core's own work, which it does again when it
 * stores the node: a copied `expires` would outlive the tag that it was made of.
 */
const METADATA: ReadonlySet<string> = new Set([
  "assessments",
  "categories",
  "cleaned",
  "event_log",
  "exported_at",
  "phantom",
  "protected",
  "provider_link",
  "python_type",
]);

/** The node of a task: as a changer needs it, and as it goes back to the core. */
export class TaskNode {
  readonly #node: z.infer<typeof taskNodeSchema>;

  constructor(node: z.infer<typeof taskNodeSchema>) {
    this.#node = node;
  }

  get kind(): string {
    return this.#node.reported.kind;
  }

  /** Names the node for people. */
  get text(): string {
    return `${this.kind} ${this.#node.reported.id}`;
  }

  /** Id of the cloud, when the core tells it. */
  get cloud(): string | undefined {
    return this.#place("cloud")?.id;
  }

  get tags(): Readonly<Record<string, string>> {
    return this.#node.reported.tags ?? {};
  }

  /** The same text for the same node of a cloud, whatever is known of it. */
  get identity(): string {
    const { kind, id } = this.#node.reported;
    return JSON.stringify([kind, id, ...LEVELS.map((level) => this.#place(level)?.id ?? "")]);
  }

  /**
   * The node with these tags, as a changer takes it.
   * @throws CoreMessageError when the core does not tell its cloud or account
   */
  forChange(tags: Readonly<Record<string, string>>): ChangeNode {
    const { kind, id, name } = this.#node.reported;
    const [account, region, zone] = [
      this.#required("account"),
      this.#place("region"),
      this.#place("zone"),
    ];
    return {
      kind,
      id,
      name: name ?? id,
      cloud: this.#required("cloud").id,
      account: { id: account.id, name: account.name ?? account.id, reported: account },
      ...(region === undefined
        ? {}
        : { region: { id: region.id, name: region.name ?? region.id } }),
      ...(zone === undefined ? {} : { zone: zone.id }),
      reported: { ...this.#reported(), tags },
    };
  }

  /** The whole node with these tags, as a core stores it. */
  toDocument(
    tags: Readonly<Record<string, string>>,
    kinds: KindIndex,
  ): Readonly<Record<string, unknown>> {
    const { id, desired } = this.#node;
    const computed = new Set(
      kinds.properties(this.kind).filter(({ synthetic }) => synthetic !== undefined)
        .map((property) => property.name),
    );
    const reported = Object.entries(this.#reported()).filter(([name]) => !computed.has(name));
    return {
      id,
      reported: { ...Object.fromEntries(reported), tags },
      metadata: this.#metadata(kinds),
      ...(desired?.["clean"] === true ? { desired: { clean: true } } : {}),
    };
  }

  /** The properties of the node alone. */
  #reported(): Readonly<Record<string, unknown>> {
    const { reported } = this.#node;
    if (this.#isNew) return reported;
    return Object.fromEntries(Object.entries(reported).filter(([name]) => !isLevel(name)));
  }

  /** The older generation wants each mark said, the newer one those that are set. */
  #metadata(kinds: KindIndex): Readonly<Record<string, unknown>> {
    const { metadata } = this.#node;
    const pythonType = kinds.get(this.kind)?.pythonType;
    const received = Object.entries(metadata ?? {}).filter(([name]) => METADATA.has(name));
    return {
      ...(pythonType === undefined ? {} : { python_type: pythonType }),
      ...(this.#isNew ? {} : { cleaned: false, phantom: false, protected: false }),
      ...Object.fromEntries(received),
    };
  }

  get #isNew(): boolean {
    return this.#node.ancestors !== undefined && this.#node.ancestors !== null;
  }

  #required(level: Level): Place {
    const place = this.#place(level);
    if (place !== undefined) return place;
    throw new CoreMessageError(`the tag task does not tell the ${level} of ${this.text}`);
  }

  #place(level: Level): Place | undefined {
    const { ancestors, reported } = this.#node;
    const found = this.#isNew
      ? z.object({ reported: placeSchema }).safeParse(ancestors?.[level]).data?.reported
      : placeSchema.safeParse(reported[level]).data;
    return found;
  }
}

function isLevel(name: string): name is Level {
  return LEVELS.some((level) => level === name);
}
