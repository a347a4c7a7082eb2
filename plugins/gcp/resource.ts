import type { CleanupRules, PropertyDefault, PropertyType } from "ckworker";
import type { Tools } from "./engine/tools.ts";
import type { Raw } from "./raw.ts";
import type { ServiceName } from "./services.ts";

/** A property that is not just the member of its name. */
export interface Field {
  /** Members joined by dots; of several the first that is there. */
  readonly path: string | readonly string[];
  /** Where neither a base kind nor the API's description tells it as it is wanted. */
  readonly type?: PropertyType;
  /** Sent when the member is absent; part of the model for own properties. */
  readonly default?: PropertyDefault;
  /** Sent when the member is absent, where that is not the default of the model. */
  readonly absent?: PropertyDefault;
  /** The API's value → ours; what is not in it becomes `otherwise`. */
  readonly map?: Readonly<Record<string, string>>;
  readonly otherwise?: string;
}

/** An edge to or from the objects whose links stand at a path; `[]` goes through a list. */
export interface DeclaredEdge {
  /** `from`: the other node is the parent. */
  readonly direction: "from" | "to";
  /** `gcp_resource` where objects of several kinds can stand. */
  readonly kind: string;
  /** A path, or what makes the links. */
  readonly path: string | ((raw: Raw) => readonly string[]);
  /** Service that names without a host are of; default: the resource's. */
  readonly service?: ServiceName;
}

/** How objects are listed, where the first collection and the project do not tell it all. */
export interface ListCall {
  /** `disks.aggregatedList`, or `projects.locations.clusters.list`. */
  readonly operation: string;
  /**
   * By parameter; `{project}` stands for the project's id, and `{region}` for each region in turn, where
   * a service has hosts of its regions.
   */
  readonly parameters?: Readonly<Record<string, string>>;
  /** The answer is the only object itself. */
  readonly single?: true;
}

/** Calls of its own that a kind needs for each object. */
export interface Attach {
  /** Operations that it may make, for the permissions. */
  readonly operations: readonly string[];
  /** Service of these, where it is not the resource's. */
  readonly service?: ServiceName;
  /** What follows from them and keeps its last good value when they fail: properties, `$edges`. */
  readonly gives: readonly string[];
  /**
   * Returns members to be added to the object, with a `$` in front. `$keep` names properties that
   * cannot be told now, without any fault.
   */
  run(raw: Raw, tools: Tools): Promise<Raw>;
}

/** How labels are written. */
export type Labelling =
  /** A method of the object's collection that takes all labels, with the fingerprint that was read. */
  | {
    readonly by: "setLabels";
    /** Default: `setLabels`. */
    readonly method?: string;
    /** Member of the body that holds them; default `labels`. */
    readonly member?: string;
  }
  /** `patch` with the label alone, at this path of the object. */
  | {
    readonly by: "patch";
    readonly path: string;
    /** The API wants an `updateMask`, and then all labels. */
    readonly masked?: true;
    /** Member of the body that holds the object, beside a mask that is in the body, too. */
    readonly inside?: string;
  };

/** Method by which labels are written. */
export function methodFor(labelling: Labelling): string {
  return labelling.by === "patch" ? "patch" : labelling.method ?? "setLabels";
}

/** A kind of node and where its objects come from. */
export interface Resource {
  readonly kind: string;
  readonly bases: readonly string[];
  readonly description: string;
  /** Name for `--gcp-collect`; absent for what is always collected. */
  readonly collector?: string;
  /** Not collected unless `--gcp-collect` names it: what is many, changes all the time, or asks for more rights. */
  readonly onRequest?: true;
  readonly service: ServiceName;
  /** Type of the objects in the API's description. */
  readonly schema: string;
  /** Collections in which an object can be, `disks` and `regionDisks`; its link tells which one. */
  readonly collections: readonly string[];
  /** Default: `aggregatedList` of the first collection where there is one, else its `list`. */
  readonly lists?: readonly ListCall[];
  /**
   * Objects that are not listed: those that others name are asked for, or a part of the engine of its
   * own finds them.
   */
  readonly source?: "used" | "places" | "projects" | "billing";
  /**
   * Listed once for each object of another kind: parameters by paths of that object. The objects lie
   * where it lies, and have its link as `$parent`.
   */
  readonly under?: { readonly kind: string; readonly parameters: Readonly<Record<string, string>> };
  /** Class of the original worker, for kinds that it had; `GCP` and the kind's words by default. */
  readonly pythonClass?: string;
  readonly phantom?: boolean;
  /** Path, or what makes it; default: `id`, else `name`, else `selfLink`. */
  readonly id?: string | ((raw: Raw) => string | undefined);
  /** Default: `name`. */
  readonly name?: string;
  /** Default: `creationTimestamp`. */
  readonly ctime?: string;
  readonly mtime?: string;
  /** Path of the labels; default `labels`. */
  readonly labels?: string;
  /** Link by which other objects and changes know it; default `selfLink`. */
  readonly link?: (raw: Raw) => string;
  /**
   * Where the names or links of region and zone stand; default `region` and `zone`. A `location` is
   * either of them, alone or in a name such as `projects/p/locations/us-east1/…`.
   */
  readonly place?: {
    readonly region?: string;
    readonly zone?: string;
    readonly location?: string;
  };
  /** The object belongs to the project, wherever its data lie. */
  readonly projectLevel?: boolean;
  /** Properties by name: a path, or more. */
  readonly properties?: Readonly<Record<string, string | Field>>;
  /** Own properties that {@link values} gives, in the order of the model. */
  readonly own?: Readonly<Record<string, readonly [PropertyType, PropertyDefault?]>>;
  /** Properties that are computed, those of base kinds or of `own`. */
  readonly values?: (raw: Raw) => Readonly<Record<string, unknown>>;
  /** Members that are no properties. */
  readonly omit?: readonly string[];
  /** Properties that change by themselves. */
  readonly volatile?: readonly string[];
  readonly edges?: readonly DeclaredEdge[];
  readonly attach?: Attach;
  /** Links at these paths name objects of a kind whose source is `used`. */
  readonly uses?: Readonly<Record<string, string>>;
  /** No edge from region or project unless no other parent is found. */
  readonly orphan?: boolean;
  /** Its parents are remembered, for load balancers to tell their instances. */
  readonly balances?: boolean;
  /** Listed after the others. */
  readonly last?: boolean;
  readonly labelling?: Labelling;
  /** Its objects can be deleted. */
  readonly deletable?: boolean;
  /** What is deleted before: the objects of a bucket. */
  readonly prepare?: "empty_bucket";
  readonly cleanup?: CleanupRules;
}

/** Checks a declaration's form at compile time and returns it. */
export function defineResource(resource: Resource): Resource {
  return resource;
}

/** Edges from objects whose links stand at the paths: they are the parents. */
export function parents(
  kind: string,
  ...paths: readonly DeclaredEdge["path"][]
): readonly DeclaredEdge[] {
  return paths.map((path) => ({ direction: "from", kind, path }));
}

/** The same edges to or from objects of another service, whose names are given without a host. */
export function ofService(
  service: ServiceName,
  edges: readonly DeclaredEdge[],
): readonly DeclaredEdge[] {
  return edges.map((edge) => ({ ...edge, service }));
}

/** Edges to objects whose links stand at the paths: they are the children. */
export function children(
  kind: string,
  ...paths: readonly DeclaredEdge["path"][]
): readonly DeclaredEdge[] {
  return paths.map((path) => ({ direction: "to", kind, path }));
}
