import {
  CallLog,
  type ChangeContext,
  ChangeError,
  type ChangeNode,
  type Changer,
  type ChangeResult,
  type NodeChange,
} from "ckworker";
import { CallFault } from "./client/call_fault.ts";
import type { Connection, Request } from "./client/connection.ts";
import { Discovery } from "./client/discovery.ts";
import type { Machine } from "./client/machine.ts";
import { connect, readClusters } from "./clusters.ts";
import { pathOf, permissionOf, type Verb } from "./engine/calls.ts";
import { refuseTag } from "./engine/labels.ts";
import { type Meta, readMeta } from "./engine/meta.ts";
import type { K8sOptions } from "./options.ts";
import type { Resource } from "./resource.ts";
import { resources } from "./resources/mod.ts";

/** Only metadata are asked for: what an object holds is nobody's business here. */
const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
/** Somebody else may change the object between reading and writing. */
const TRIES = 5;

/** A cluster that nodes are changed in. */
interface Reached {
  readonly connection: Connection;
  readonly discovery: Discovery;
}

/** Changes labels and deletes, each only on the very object that the node was. */
export async function createChanger(
  context: ChangeContext<K8sOptions>,
  machine: Machine,
): Promise<Changer> {
  const { clusters } = await readClusters(context, machine);
  const log = new CallLog();
  using opened = new DisposableStack();
  const reached = new Map<string, Reached>();
  for (const cluster of clusters) {
    if (cluster.refused !== undefined) continue;
    const connection = opened.use(connect(cluster, context, machine, log));
    reached.set(cluster.id, { connection, discovery: new Discovery(connection, context.signal) });
  }
  const kinds = new Map(resources.map((resource) => [resource.kind, resource]));
  const life = opened.move();
  return {
    async change(node, change, signal) {
      const resource = kinds.get(node.kind);
      if (resource === undefined || change.type === "prepare" || change.type === "read") {
        throw new ChangeError("unsupported", `${node.kind} has no change ${change.type}`);
      }
      if (change.type === "setTag") refuseTag(change.key, change.value);
      const cluster = reached.get(node.account.id);
      if (cluster === undefined) throw notConfigured(node);
      try {
        return await new ObjectChange(node, resource, cluster, signal).make(change);
      } finally {
        context.stats(log.take());
      }
    },
    close() {
      life.dispose();
      return Promise.resolve();
    },
  };
}

function notConfigured({ kind, account }: ChangeNode): ChangeError {
  return new ChangeError("failed", `the cluster ${account.id} is not in the configuration`, {
    context: { plugin: "k8s", kind, account: account.id },
    hint: "Name its context with --k8s-context, or give it with --k8s-cluster",
  });
}

type Made = Exclude<NodeChange, { readonly type: "prepare" | "read" }>;

/** One change of one object. */
class ObjectChange {
  readonly #node: ChangeNode;
  readonly #resource: Resource;
  readonly #cluster: Reached;
  readonly #signal: AbortSignal;

  constructor(node: ChangeNode, resource: Resource, cluster: Reached, signal: AbortSignal) {
    this.#node = node;
    this.#resource = resource;
    this.#cluster = cluster;
    this.#signal = signal;
  }

  /** Reads, writes what was read and nothing newer, and begins anew when somebody was faster. */
  async make(change: Made): Promise<ChangeResult> {
    const path = await this.#path();
    for (let count = 1;; count++) {
      const meta = await this.#read(path);
      if (meta === undefined) return { outcome: "gone" };
      try {
        return change.type === "delete"
          ? await this.#delete(path, meta)
          : await this.#label(path, meta, change);
      } catch (error) {
        if (!(error instanceof CallFault)) throw error;
        if (isGone(error)) return { outcome: "gone" };
        if (error.status !== 409 || count >= TRIES) throw error;
      }
    }
  }

  /** The object as it is; undefined when it is gone, also when another one has its name now. */
  async #read(path: string): Promise<Meta | undefined> {
    try {
      const meta = readMeta(await this.#send("get", { path, accept: METADATA }));
      if (meta === undefined) throw this.#failed("the answer is no object");
      return meta.uid === this.#node.id ? meta : undefined;
    } catch (error) {
      if (error instanceof CallFault && isGone(error)) return undefined;
      throw error;
    }
  }

  async #label(
    path: string,
    meta: Meta,
    change: Exclude<Made, { readonly type: "delete" }>,
  ): Promise<ChangeResult> {
    const labels = meta.labels ?? {};
    const wanted = change.type === "setTag" ? change.value : undefined;
    const own = (tags: Readonly<Record<string, string>>) =>
      Object.hasOwn(tags, change.key) ? tags[change.key] : undefined;
    if (own(labels) === wanted) return { outcome: "done", tags: labels };
    const { uid, resourceVersion } = meta;
    const metadata = { uid, resourceVersion, labels: { [change.key]: wanted ?? null } };
    const body = { type: "application/merge-patch+json", value: { metadata } };
    const request = { path, accept: METADATA, method: "PATCH", body } as const;
    const answer = readMeta(await this.#send("patch", request));
    const tags = answer?.labels ?? {};
    // A program that is asked before objects are changed may have taken it back.
    if (answer?.uid !== uid || own(tags) !== wanted) throw this.#failed("the label is as it was");
    return { outcome: "done", tags };
  }

  async #delete(path: string, { uid, resourceVersion }: Meta): Promise<ChangeResult> {
    const value = {
      apiVersion: "v1",
      kind: "DeleteOptions",
      propagationPolicy: "Background",
      preconditions: { uid, resourceVersion },
    };
    const body = { type: "application/json", value };
    await this.#send("delete", { path, method: "DELETE", body });
    return { outcome: "done" };
  }

  async #path(): Promise<string> {
    const { api } = this.#resource;
    const served = await this.#cluster.discovery.find(api);
    if (served.type === "unknown") throw served.error;
    if (served.type === "missing") throw this.#failed(`the cluster does not serve ${api.plural}`);
    const namespace = api.namespaced ? this.#node.region?.name ?? "" : "";
    if (api.namespaced && namespace === "") throw this.#failed("its namespace is not known");
    if (this.#node.name === "") throw this.#failed("its name is not known");
    return pathOf(api, served.version, namespace, this.#node.name);
  }

  #send(verb: Verb, request: Omit<Request, "call" | "permission" | "namespace">): Promise<unknown> {
    const call = permissionOf(verb, this.#resource.api);
    const namespace = this.#resource.api.namespaced ? this.#node.region?.name : undefined;
    const { connection } = this.#cluster;
    const place = namespace === undefined ? {} : { namespace };
    return connection.send({ ...request, ...place, call, permission: call }, this.#signal);
  }

  #failed(why: string): ChangeError {
    const { kind, name, account } = this.#node;
    return new ChangeError("failed", `${kind} ${name} was not changed: ${why}`, {
      context: { plugin: "k8s", kind, account: account.id },
    });
  }
}

/** Without an object of that name; a proxy's page says nothing of objects and is no such fault. */
function isGone({ status, reason }: CallFault): boolean {
  return status === 404 && reason === "NotFound";
}
