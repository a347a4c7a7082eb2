import {
  type KindIndex,
  type MappedRecord,
  type NodeInput,
  type NodeMapper,
  RecordMapper,
  type Reference as Edge,
  type Source,
} from "ckworker";
import { isReference, listOf, type ObjectContent } from "../client/values.ts";
import { COMMON_PATHS, type Resource } from "../resource.ts";
import { KIND_OF_TYPE } from "../resources/mod.ts";
import { type CustomField, toTags } from "./custom_fields.ts";

/** What a mapper has to know of its server. */
export interface Surroundings {
  /** Undefined when they could not be read. */
  readonly fields: readonly CustomField[] | undefined;
  /** Id of the folder above all others, which is no node. */
  readonly rootFolder: string;
}

/** Makes nodes of managed objects by the declaration of their kind. */
export class ResourceMapper implements NodeMapper {
  readonly #resource: Resource;
  readonly #around: Surroundings;
  readonly #mapper: RecordMapper;

  constructor(kinds: KindIndex, resource: Resource, around: Surroundings) {
    this.#resource = resource;
    this.#around = around;
    const sources = resource.properties.map(({ name, path }): [string, Source] => [
      name,
      (object) => plain(contentOf(object)?.values.get(path)),
    ]);
    this.#mapper = new RecordMapper(kinds, {
      kind: resource.kind,
      id: "id",
      name: (object) => contentOf(object)?.values.get("name"),
      from: {
        ...Object.fromEntries(sources),
        ...(resource.values?.names.includes("ctime") === true
          ? { ctime: (object) => created(this.#valuesOf(object)["ctime"]) }
          : {}),
      },
    });
  }

  map(record: unknown): MappedRecord | undefined {
    const object = contentOf(record);
    const mapped = this.#mapper.map(object);
    if (object === undefined || mapped === undefined) return undefined;
    const { tags: _, ...reported } = mapped.node.reported;
    const { ctime: __, ...values } = this.#valuesOf(object);
    const tags = toTags(object.values.get("customValue"), this.#around.fields);
    const node: NodeInput = {
      ...mapped.node,
      reported: { ...(tags === undefined ? {} : { tags }), ...reported, ...values },
      edges: this.#edges(object),
      ...(this.#isProtected(object) ? { protected: true } : {}),
    };
    const useless = Object.keys(values).filter((name) => values[name] === null);
    return { node, misfits: [...mapped.misfits, ...useless] };
  }

  /** What is not known of an object because a property could not be read. */
  unknown(object: ObjectContent): readonly string[] {
    const paths = new Set(object.missing.map(({ path }) => path));
    const { properties, edges, values } = this.#resource;
    const isTagged = toTags(object.values.get("customValue"), this.#around.fields) !== undefined;
    const unknown = [
      ...(paths.has("name") ? ["name"] : []),
      ...(paths.has("customValue") || !isTagged ? ["tags"] : []),
      ...properties.filter(({ path }) => paths.has(path)).map(({ name }) => name),
      ...(edges.some(({ path }) => paths.has(path)) ? ["$edges"] : []),
      ...(values?.paths.some((path) => paths.has(path)) === true ? values.names : []),
    ];
    return [...new Set(unknown)];
  }

  #valuesOf(record: unknown): Readonly<Record<string, unknown>> {
    const object = contentOf(record);
    const { values } = this.#resource;
    if (object === undefined || values === undefined) return {};
    const unknown = object.missing.some(({ path }) => values.paths.includes(path));
    return unknown ? {} : values.read(object);
  }

  #edges({ values }: ObjectContent): readonly Edge[] {
    const ends = this.#resource.edges.flatMap(({ path, direction }) =>
      listOf(values.get(path)).filter(isReference)
        .filter(({ id }) => id !== this.#around.rootFolder)
        .flatMap(({ type, id }): Edge[] => {
          const kind = KIND_OF_TYPE.get(type);
          return kind === undefined ? [] : [{ direction, kind, by: "id", value: id }];
        })
    );
    return [...new Map(ends.map((end) => [`${end.direction} ${end.value}`, end])).values()];
  }

  /** What is not known protects, too: it may be so. */
  #isProtected({ values, missing }: ObjectContent): boolean {
    const { protects } = this.#resource;
    if (protects === undefined) return false;
    return protects.when(values.get(protects.path)) ||
      missing.some(({ path }) => path === protects.path);
  }
}

/** All paths that a resource needs. */
export function pathsOf({ properties, edges, values, protects }: Resource): readonly string[] {
  return [
    ...new Set([
      ...COMMON_PATHS,
      ...properties.map(({ path }) => path),
      ...edges.map(({ path }) => path),
      ...(values?.paths ?? []),
      ...(protects === undefined ? [] : [protects.path]),
    ]),
  ];
}

/** Managed objects pass through the SDK, which knows them as records only. */
function contentOf(record: unknown): ObjectContent | undefined {
  return isContent(record) ? record : undefined;
}

function isContent(record: unknown): record is ObjectContent {
  return typeof record === "object" && record !== null && "values" in record &&
    record.values instanceof Map;
}

/** A reference as property is the id alone. */
function plain(value: unknown): unknown {
  return isReference(value) ? value.id : value;
}

/** A server that does not know when something was made says the beginning of 1970. */
function created(value: unknown): unknown {
  return typeof value === "string" && Date.parse(value) === 0 ? undefined : value;
}
