import {
  CallFault,
  ChangeError,
  type ChangeNode,
  type ChangeResult,
  type Clock,
  type DescribedMapper,
  type NodeChange,
  textAt,
} from "ckworker";
import type { Api } from "../client/api.ts";
import { CONFLICT, NOT_FOUND } from "../client/judge.ts";
import type { Raw } from "../raw.ts";
import { methodFor, type Resource } from "../resource.ts";
import { emptyBucket } from "./empty_bucket.ts";
import { findOperation, type FoundOperation } from "./find_operation.ts";
import { refuseTag } from "./labels.ts";
import { Locations } from "./locations.ts";
import { compileNode, idOf, tagsOf } from "./node_maker.ts";
import { ProjectTools } from "./project_tools.ts";
import { attachForReading, toReading } from "./reading.ts";
import { waitFor } from "./waiting.ts";

/** What one change is made with. */
export interface ObjectChangeParts {
  readonly node: ChangeNode;
  readonly resource: Resource;
  readonly api: Api;
  readonly mapper: DescribedMapper;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Somebody else may change the labels between reading and writing. */
const TRIES = 5;

/** One change of one object. */
export class ObjectChange {
  readonly #parts: ObjectChangeParts;

  constructor(parts: ObjectChangeParts) {
    this.#parts = parts;
  }

  async make(change: NodeChange): Promise<ChangeResult> {
    if (!this.#has(change.type)) throw this.#unsupported(change.type);
    if (change.type === "setTag") refuseTag(change.key, change.value);
    for (let count = 1;; count++) {
      const raw = await this.#read();
      if (raw === undefined) return { outcome: "gone" };
      try {
        return await this.#apply(change, raw);
      } catch (error) {
        if (!(error instanceof CallFault)) throw error;
        if (error.verdict.code === NOT_FOUND) return { outcome: "gone" };
        if (error.verdict.code !== CONFLICT || count >= TRIES) throw error;
      }
    }
  }

  #has(type: NodeChange["type"]): boolean {
    const { labelling, deletable, prepare } = this.#parts.resource;
    switch (type) {
      case "setTag":
      case "removeTag":
        return labelling !== undefined;
      case "prepare":
        return prepare !== undefined;
      case "delete":
        return deletable === true;
      case "read":
        return labelling !== undefined || deletable === true;
    }
  }

  async #apply(change: NodeChange, raw: Raw): Promise<ChangeResult> {
    switch (change.type) {
      case "read":
        return await this.#tell(raw);
      case "delete":
        return await this.#delete();
      case "prepare":
        await emptyBucket(this.#parts.api, this.#parts.node.id, this.#parts.signal);
        return { outcome: "done" };
      case "setTag":
        return await this.#label(raw, change.key, change.value);
      case "removeTag":
        return await this.#label(raw, change.key, undefined);
    }
  }

  /** The object as it is; undefined when it is gone, also when another one has its name now. */
  async #read(): Promise<Raw | undefined> {
    const { node, resource, api } = this.#parts;
    const { operation, parameters } = this.#operation("get");
    try {
      const raw = await api.call(resource.service, operation, parameters);
      const isSame = idOf(raw, resource) === node.id && isOfTime(raw, resource, node);
      return isSame ? raw : undefined;
    } catch (error) {
      if (error instanceof CallFault && error.verdict.code === NOT_FOUND) return undefined;
      throw error;
    }
  }

  async #tell(raw: Raw): Promise<ChangeResult> {
    const { node, resource, api, mapper } = this.#parts;
    const locations = new Locations([], []);
    const prices = () => Promise.resolve(undefined);
    const tools = new ProjectTools({ project: node.account.id, api, locations, prices });
    const { raw: whole, unknown } = await attachForReading(raw, resource, tools);
    const made = compileNode(resource, mapper)(whole, {}, unknown);
    if (made === undefined) throw this.#failed("the answer has no id");
    return { outcome: "done", read: toReading(made.node) };
  }

  async #delete(): Promise<ChangeResult> {
    const { resource: { service }, api } = this.#parts;
    const { operation, parameters } = this.#operation("delete");
    await this.#finish(await api.call(service, operation, parameters));
    return { outcome: "done" };
  }

  async #label(raw: Raw, key: string, value: string | undefined): Promise<ChangeResult> {
    const { resource } = this.#parts;
    const labels = tagsOf(raw, resource) ?? {};
    const known = Object.hasOwn(labels, key) ? labels[key] : undefined;
    if (known === value) return { outcome: "done", tags: labels };
    const others = Object.entries(labels).filter(([each]) => each !== key);
    const tags = Object.fromEntries(value === undefined ? others : [...others, [key, value]]);
    await this.#finish(await this.#writeLabels(raw, tags, key, value));
    return { outcome: "done", tags };
  }

  async #writeLabels(
    raw: Raw,
    labels: Readonly<Record<string, string>>,
    key: string,
    value: string | undefined,
  ): Promise<Raw> {
    const { resource: { service, labelling }, api } = this.#parts;
    if (labelling === undefined) throw this.#unsupported("setTag");
    const { operation, parameters } = this.#operation(methodFor(labelling));
    if (labelling.by === "setLabels") {
      const labelFingerprint = textAt(raw, "labelFingerprint");
      const body = { [labelling.member ?? "labels"]: labels, labelFingerprint };
      return await api.call(service, operation, parameters, body);
    }
    const { path, masked, inside } = labelling;
    if (masked === true) {
      const { query, body } = maskedPatch(raw, labels, path, inside);
      return await api.call(service, operation, { ...parameters, ...query }, body);
    }
    // One label alone where that is possible, so that nobody else's is lost.
    const body = nested(path, { [key]: value ?? null });
    const version = textAt(raw, "metageneration");
    const guard = version === undefined ? {} : { ifMetagenerationMatch: version };
    return await api.call(service, operation, { ...parameters, ...guard }, body);
  }

  /** Most changes are only begun with when they are answered. */
  async #finish(answer: Raw): Promise<void> {
    const { node, resource: { service }, api, clock, signal } = this.#parts;
    const failed = await waitFor(answer, { service, api, clock, signal, project: node.account.id });
    if (failed !== undefined) throw this.#failed(failed);
  }

  /** @throws ChangeError for a node whose link leads to another project, or nowhere */
  #operation(method: string): FoundOperation {
    const { node, resource, api } = this.#parts;
    const link = textAt(node.reported, "link") ?? "";
    const { service, collections } = resource;
    const find = (each: string) => findOperation(api.operations, service, collections, each, link);
    const found = find(method);
    if (found === undefined) {
      if (find("get") !== undefined) throw this.#unsupported(method);
      throw this.#failed(`its link does not tell where it is: ${link}`);
    }
    const parameters = Object.fromEntries(
      Object.entries(found.parameters).map(([name, value]) => [name, own(value, node.account.id)]),
    );
    const named = Object.values(parameters)
      .map((value) => /^projects\/([^/]+)\//.exec(value)?.[1]);
    const { project = named.find((each) => each !== undefined) } = parameters;
    if (project !== undefined && project !== node.account.id) {
      throw this.#failed(`its link leads to the project ${project}`);
    }
    return { ...found, parameters };
  }

  #unsupported(type: string): ChangeError {
    const { kind } = this.#parts.node;
    return new ChangeError("unsupported", `${kind} has no change ${type}`, {
      context: { plugin: "gcp", kind },
    });
  }

  #failed(why: string): ChangeError {
    const { kind, name, account } = this.#parts.node;
    return new ChangeError("failed", `${kind} ${name} was not changed: ${why}`, {
      context: { plugin: "gcp", kind, account: account.id },
    });
  }
}

/** All labels, with a mask that names them and the version that they were read in. */
function maskedPatch(
  raw: Raw,
  labels: Readonly<Record<string, string>>,
  path: string,
  inside: string | undefined,
) {
  const version = textAt(raw, "etag");
  const written = { ...nested(path, labels), ...(version === undefined ? {} : { etag: version }) };
  return inside === undefined
    ? { query: { updateMask: path }, body: written }
    : { query: {}, body: { [inside]: written, updateMask: path } };
}

/** A value at a path of members. */
function nested(path: string, value: unknown): Raw {
  const [last = "", ...others] = path.split(".").reverse();
  return others.reduce<Raw>((inner, member) => ({ [member]: inner }), { [last]: value });
}

/** Some APIs name projects by their numbers. Called is the node's own project, whatever its number is. */
function own(name: string, project: string): string {
  return name.replace(/^projects\/\d+\//, `projects/${project}/`);
}

/** What is known by its name alone is another one when it was made at another time. */
function isOfTime(raw: Raw, resource: Resource, node: ChangeNode): boolean {
  if (textAt(raw, "id") !== undefined && resource.service === "compute") return true;
  const known = node.reported["ctime"];
  const made = Date.parse(textAt(raw, resource.ctime ?? "creationTimestamp") ?? "");
  if (typeof known !== "string" || Number.isNaN(made)) return true;
  return Math.floor(Date.parse(known) / 1_000) === Math.floor(made / 1_000);
}
