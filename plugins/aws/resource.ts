import type { CleanupRules, PropertyType } from "ckworker";
import type { ServiceName } from "./services.ts";

/** What an API gave: a structure as the SDK decodes it, with attached values beside its members. */
export type Raw = Readonly<Record<string, unknown>>;

/** Where a node lies. */
export interface Place {
  readonly account: string;
  /** Region of the calls, `eu-west-1`; the partition's first one for `global`. */
  readonly region: string;
  /** Region name of the scope, `eu-west-1` or `global`. */
  readonly regionName: string;
  /** `aws`, `aws-cn`, `aws-us-gov`. */
  readonly partition: string;
  /** Start of the run. */
  readonly now: Date;
}

/**
 * Members from a structure inwards: `Placement.AvailabilityZone`, `Instances[].InstanceId` (a list of
 * all). `$key` is the listed value itself (a name, an address), `$parent.UserName` is a member of the
 * parent of a child, `$id` and `$name` are the node's id and name.
 */
export type Path = string;

/** A value computed from the structure; undefined means absent. Must be pure and cheap. */
export type Compute = (raw: Raw, place: Place) => unknown;

/** A path, several of which the first present one counts, or a function. */
export type Value = Path | readonly Path[] | Compute;

/** One property that is not plain. */
export interface Field {
  readonly value: Value;
  /** Needed where neither a base kind nor the SDK's schema tells it. */
  readonly type?: PropertyType;
  /** Sent when the value is absent. */
  readonly default?: unknown;
  /** Provider's value → ours; a value that is not in it becomes the default. */
  readonly map?: Readonly<Record<string, string>>;
  /** Holds secrets: stored as keyed hashes unless the user keeps them. */
  readonly secret?: true;
}

/**
 * Input of an operation. Text that starts with `$` is replaced: `$key`, `$.Member` (a path into the
 * structure), `$parent.Member`, and for a change `$id`, `$name`, `$arn`, `$tag.key`, `$tag.value`,
 * or `$.property`. Everything else is sent as it stands.
 */
export type Input = Readonly<Record<string, unknown>>;

/** One API operation as data. Only declared operations can be made. */
export interface Operation {
  readonly operation: string;
  /** Default: the resource's. */
  readonly service?: ServiceName;
  /** What of the answer counts; all of it by default. `X[]` spreads a list over pages. */
  readonly result?: Path;
  readonly input?: Input;
  /** Error codes that mean "there is none", which is no fault: the value is absent. */
  readonly none?: readonly string[];
  /** Made only for structures that pass. */
  readonly when?: Compute;
  /** Name under which it can be left out; then what it gave last is kept. */
  readonly option?: Optional;
  /** Token members, where the SDK has no paginator: input, output. */
  readonly page?: readonly [string, string];
  /** IAM actions, where not `prefix:Operation`. */
  readonly permissions?: readonly string[];
}

/** One operation for many structures at once, such as the tags of 20 load balancers. */
export interface Batch extends Operation {
  /** Most structures of one call. */
  readonly size: number;
  /** Path of the key in the structures; a list of the keys replaces `$keys` in the input. */
  readonly key: Path;
  /** Path of the same key in the results. */
  readonly match: Path;
  /** What of a matching result counts; all of it by default. */
  readonly pick?: Path;
}

/** Values computed with calls of its own for the structures of a page. */
export interface Hook {
  /** All operations that it may make, for the permission list. */
  readonly operations: readonly Operation[];
  /** Name under which `--aws-no-collect` leaves it out. */
  readonly option?: Optional;
  /**
   * Returns one value per structure, in the same order; undefined where there is none, an error
   * where it could not be read. When it throws, none of them could be. Properties that read what
   * could not be read keep their last good value.
   */
  run(raws: readonly Raw[], tools: Tools): Promise<readonly unknown[]>;
}

/** Names for `--aws-collect` and `--aws-no-collect` that are no listing. */
export const OPTIONALS = [
  "iam_account_summary",
  "metrics",
  "prices",
  "quotas",
  "reserved_instances",
] as const;

/** A part that costs calls or money, or counts what is no node, and can be left out. */
export type Optional = typeof OPTIONALS[number];

/** What hooks and sources work with. */
export interface Tools {
  readonly place: Place;
  readonly signal: AbortSignal;
  /**
   * Makes a declared operation, all pages, in this region or in `region`, and returns its result:
   * a list where `result` ends in `[]`, else the value. The input is sent as given.
   */
  call(operation: Operation, input: Input, region?: string): Promise<unknown>;
  /**
   * The same value for everyone who asks for the key: computed once per account and region, or with
   * "guest" once for all accounts. A failure is shared, too.
   */
  once<T>(key: string, compute: () => Promise<T>, reach?: "region" | "guest"): Promise<T>;
  /** Distinct values that `gather` collected from the structures of this listing so far. */
  gathered(name: string): ReadonlySet<string>;
  /** Quota by service code and quota name; undefined when there is none or quotas are left out. */
  quota(service: string, name: string): Promise<number | undefined>;
  /** Whether an optional part is wanted. */
  wants(part: Optional): boolean;
  /** Records a failed call of this listing; what reads its value keeps the last good one. */
  fault(error: unknown): void;
}

/** One end of an edge. */
export interface Edge {
  readonly direction: "from" | "to";
  readonly kind: string;
  /** Property of the other node that is looked up: `id`, `name`, `arn`, …. */
  readonly by: string;
  /** One or many values; absent ones make no edge. */
  readonly value: Value;
}

/** A mutation as data, carried out for tag tasks and by the clean-up. */
export interface Change {
  readonly operation: string;
  readonly service?: ServiceName;
  /**
   * On top of the forms of {@link Input}: `{$id}` within a longer text; `$each` and `$each.Member`;
   * `$tags`, all tags of the node as they shall be, as a list of `Key` and `Value`; and
   * `$tag.unchanged`, true where the tag is already as it shall be.
   */
  readonly input: Input;
  readonly permissions?: readonly string[];
  /**
   * Reads the node's tags at that moment, where the cloud takes all of them at once: what the node
   * reports may be older, and a tag set since would be lost.
   */
  readonly tags?: Operation;
  /** Made once for each structure that this answers at that moment. */
  readonly each?: Operation;
  /**
   * So many of those structures share one call, which is made without any, too: a list of one value
   * that refers to `$each` becomes a list with one for each structure.
   */
  readonly together?: number;
  /** Made only where all of these give something; absent, empty and false are nothing. */
  readonly when?: readonly Path[];
  /** Not made where one of these gives something. */
  readonly unless?: readonly Path[];
  /** What the answer names here was not done, although the call succeeded. */
  readonly undone?: Path;
  /** What to wait for before it is made. */
  readonly ready?: Wait;
  /** What to wait for before the next change. */
  readonly wait?: Wait;
}

/** Asks again and again until a value of the answer is what it should be. */
export interface Wait {
  /** Its input may hold `$answer.Member`, a member of the change's own answer. */
  readonly operation: Operation;
  /** Every value that `operation` answers must be one of these. */
  readonly until: readonly string[];
  /** Values that never become one of `until`: the change failed. */
  readonly never?: readonly string[];
  /** Time between two questions, seconds. */
  readonly every: number;
  /** Time after which the change failed, seconds. */
  readonly limit: number;
}

/** How nodes of one kind come out of structures. */
export interface NodeDeclaration {
  readonly kind: string;
  readonly bases: readonly string[];
  /** Class of the original worker, `AWSEC2Instance`; absent for kinds that it did not have. */
  readonly pythonClass?: string;
  readonly description?: string;
  readonly id: Value;
  /** Default: the `Name` tag, else the id. */
  readonly name?: Value;
  readonly arn?: Value;
  readonly ctime?: Value;
  readonly mtime?: Value;
  readonly atime?: Value;
  /** Where the tags are; default is the member `Tags`, `TagSet`, `TagList` or `tags`. */
  readonly tags?: Path | Operation | Batch;
  /**
   * Properties that are not plain snake_case of a member. Names of base kinds have their type from
   * there; a base's property is filled by the member of the same name without being listed here.
   */
  readonly properties?: Readonly<Record<string, Value | Field>>;
  /** Member → property name, where snake_case is not what it should be called. */
  readonly rename?: Readonly<Record<string, string>>;
  /** Members without property of their own. */
  readonly omit?: readonly string[];
  /** Properties that are stored, but are neither a change nor part of a fingerprint. */
  readonly volatile?: readonly string[];
  /** Members that hold secrets although the SDK does not say so. */
  readonly secret?: readonly string[];
  /** Replaces the listed value by what this answers, or adds its members to it. */
  readonly describe?: Operation | Batch;
  /** Further values, put beside the members under their name. */
  readonly attach?: Readonly<Record<string, Operation | Batch | Hook>>;
  readonly edges?: readonly Edge[];
  /** Properties, `id` apart, under which edges of other nodes may look this kind up. */
  readonly targets?: readonly string[];
  /** Every node of the kind is phantom, or those that pass. */
  readonly phantom?: boolean | Compute;
  /** Nodes that pass are protected from clean-up. */
  readonly protect?: Value;
  /** No edge from the region unless no other parent is found. */
  readonly orphan?: boolean;
  /** Structures that do not pass are no nodes. */
  readonly when?: Compute;
  /** Error codes of describe, attach, tags and children that mean: gone meanwhile. */
  readonly missing?: readonly string[];
  readonly children?: readonly Child[];
  /**
   * Reads the structure of one node, complete, in the forms of a change's input. Without it the node
   * is looked for in the whole list.
   */
  readonly read?: Operation;
  /** Property with the region that its changes are made in, where nodes are listed in another one. */
  readonly changedIn?: string;
  /** What a clean-up has to know of its nodes, in the words of the model. */
  readonly cleanup?: CleanupRules;
  readonly change?: {
    readonly setTag?: readonly Change[];
    readonly removeTag?: readonly Change[];
    /** Before the delete: detach, disassociate. */
    readonly prepare?: readonly Change[];
    readonly delete?: readonly Change[];
  };
}

/** Structures from elsewhere than a call of their own. */
export interface Source {
  readonly operations: readonly Operation[];
  readonly option?: Optional;
  make(tools: Tools): AsyncIterable<Raw> | Iterable<Raw>;
}

/**
 * Nodes below another node: listed per parent, or found inside its structure (a path such as
 * `Listeners[]`). Each gets an edge from its parent, and none from the region.
 */
export interface Child extends NodeDeclaration {
  readonly list: Operation | Path;
  /** Default true; false keeps the edge from the region. */
  readonly orphan?: boolean;
}

/** Nodes made once per listing, after its structures: quotas, types. */
export interface Companion extends NodeDeclaration {
  readonly list: Source;
}

/** One listing and the nodes it yields; its scope is (account, region, kind). */
export interface Resource extends NodeDeclaration {
  readonly service: ServiceName;
  readonly scope: "global" | "region";
  /** Name for `--aws-collect` and `--aws-no-collect`, `vpcs`. */
  readonly collector: string;
  /** Several operations are made one after the other. */
  readonly list: Operation | readonly Operation[];
  /** Distinct values to collect from the structures, for companions. Must stay small. */
  readonly gather?: Readonly<Record<string, Value>>;
  readonly companions?: readonly Companion[];
}

/** Checks a declaration's form at compile time and returns it. */
export function defineResource(resource: Resource): Resource {
  return resource;
}

/** An operation: its name, what of the answer counts, its input. */
export function call(
  operation: string,
  result?: Path,
  input?: Input,
  more: Omit<Operation, "operation" | "result" | "input"> = {},
): Operation {
  return {
    operation,
    ...(result === undefined ? {} : { result }),
    ...(input === undefined ? {} : { input }),
    ...more,
  };
}

/** An edge from the node of this kind: it is the parent. */
export function from(kind: string, [by, value]: readonly [string, Value]): Edge {
  return { direction: "from", kind, by, value };
}

/** An edge to the node of this kind: it is the child. */
export function to(kind: string, [by, value]: readonly [string, Value]): Edge {
  return { direction: "to", kind, by, value };
}

/** The other end of an edge: the node whose property has this value. */
export function by(property: string, value: Value): readonly [string, Value] {
  return [property, value];
}

/** A mutation: operation and input. */
export function change(
  operation: string,
  input: Input,
  more: Omit<Change, "operation" | "input"> = {},
): Change {
  return { operation, input, ...more };
}

/** The same value for every node. */
export function constant(value: unknown): Compute {
  return () => value;
}
