import {
  CkError,
  CloudError,
  type CollectContext,
  type DescribedMapper,
  type NodeInput,
  outcomeOf,
  ScopeFaults,
  toScopeFault,
  valueAt,
} from "ckworker";
import pMap from "p-map";
import type { Cluster } from "../access/cluster.ts";
import { CallFault } from "../client/call_fault.ts";
import type { Connection } from "../client/connection.ts";
import { readSource } from "../client/credentials.ts";
import { Discovery, type Served } from "../client/discovery.ts";
import { readVersion } from "../client/version.ts";
import type { K8sOptions } from "../options.ts";
import type { Resource } from "../resource.ts";
import { ACCOUNT_KIND, REGION_KIND } from "./base.ts";
import { permissionOf } from "./calls.ts";
import { byId, EdgeMaker } from "./edges.ts";
import { list } from "./listing.ts";
import { findNamespaces } from "./namespaces.ts";
import { compileNode } from "./node_maker.ts";
import { type Namespace, ScopeSet } from "./scope_set.ts";
import { readSelector, SelectorIndex } from "./selectors.ts";

/** Listings of one cluster at once. */
const AT_ONCE = 4;

/** What all clusters of a run share. */
export interface RunParts {
  readonly context: CollectContext<K8sOptions>;
  /** All kinds, for edges; and those that are listed. */
  readonly all: readonly Resource[];
  readonly resources: readonly Resource[];
  readonly mapper: DescribedMapper;
  readFile(path: string): Promise<string>;
}

/** Namespaces of a cluster; named ones are looked at one by one. */
export interface Namespaces {
  readonly list: readonly Namespace[];
  readonly isWhole: boolean;
}

/** A node that waits for the pods that it selects. */
interface Held {
  readonly namespace: string;
  readonly node: NodeInput;
  readonly selected: readonly string[];
}

/** Collects one cluster. What fails costs its own scopes. */
export class ClusterRun {
  readonly #cluster: Cluster;
  readonly #connection: Connection;
  readonly #parts: RunParts;
  readonly #edges: EdgeMaker;
  readonly #discovery: Discovery;
  readonly #selectors = new SelectorIndex();
  readonly #signal: AbortSignal;
  #done = 0;

  constructor(cluster: Cluster, connection: Connection, parts: RunParts) {
    this.#cluster = cluster;
    this.#connection = connection;
    this.#parts = parts;
    this.#edges = new EdgeMaker(parts.all);
    this.#signal = parts.context.signal;
    this.#discovery = new Discovery(connection, this.#signal);
  }

  async collect(): Promise<void> {
    this.#progress("cluster");
    if (!await this.#account()) return;
    const namespaces = await this.#namespaces();
    const others = this.#parts.resources.filter(({ kind }) => kind !== REGION_KIND);
    const selecting = others.filter(({ selects }) => selects !== undefined);
    const plain = others.filter(({ selects }) => selects === undefined);
    const holding = await pMap(selecting, (each) => this.#hold(each, namespaces), {
      concurrency: AT_ONCE,
    });
    let pods: ScopeSet | undefined;
    await pMap(plain, async (resource) => {
      const scopes = await this.#resource(resource, namespaces);
      if (resource.api.kind === "Pod") pods = scopes;
    }, { concurrency: AT_ONCE });
    for (const release of holding) await release(pods);
  }

  /** The cluster's own node; false when it cannot be reached, and then nothing else is tried. */
  async #account(): Promise<boolean> {
    const { context } = this.#parts;
    const scope = { account: this.#cluster.id, resource: ACCOUNT_KIND };
    const faults = new ScopeFaults({ byMessage: true });
    const version = await this.#version(faults);
    const isReached = faults.isListed;
    // What an interrupted run closed stays closed, so it is the namespaces that are not known.
    const resumed = context.resumed(scope);
    const failed = { account: this.#cluster.id, resource: REGION_KIND };
    if (resumed && (isReached || context.resumed(failed))) return isReached;
    const writer = await context.open(resumed ? failed : scope);
    if (isReached) {
      const keep = version === undefined ? { keep: ["cluster_version", "cluster_platform"] } : {};
      await writer.node({
        kind: ACCOUNT_KIND,
        id: this.#cluster.id,
        name: this.#cluster.id,
        reported: { tags: {}, ...version },
        ...keep,
      });
    }
    await writer.close(faults.result());
    this.#progress(isReached ? "namespaces" : "no access");
    return isReached;
  }

  async #version(faults: ScopeFaults): Promise<Readonly<Record<string, string>> | undefined> {
    const { refused, id } = this.#cluster;
    try {
      if (refused !== undefined) {
        const message = `cluster ${id} cannot be collected: ${refused.why}`;
        throw new CloudError("no_credentials", message, { hint: refused.hint });
      }
      return await readVersion(this.#connection, this.#signal);
    } catch (error) {
      this.#signal.throwIfAborted();
      if (error instanceof CallFault && error.fault === "access_denied") {
        faults.unread(error, "version");
        return undefined;
      }
      if (!(error instanceof CkError)) throw error;
      this.#parts.context.log("error", "k8s.cluster.failed", error.message, { account: id });
      faults.lost(error, "version");
      return undefined;
    }
  }

  /** Lists the namespaces, the regions of everything else. */
  async #namespaces(): Promise<Namespaces | undefined> {
    const { context, resources } = this.#parts;
    const resource = resources.find(({ kind }) => kind === REGION_KIND);
    if (resource === undefined) return undefined;
    const { id } = this.#cluster;
    const scopes = await ScopeSet.open(context, id, REGION_KIND, undefined);
    const found: Namespace[] = [];
    const served = await this.#discovery.find(resource.api);
    if (this.#listable(served, scopes, resource)) {
      await list({
        ...this.#listing(resource, served.version, scopes),
        take: async (_, node) => {
          found.push({ id: node.id, name: node.name ?? node.id });
          await scopes.send("", node);
        },
      });
    }
    const faults = scopes.of("")?.faults ?? new ScopeFaults({ byMessage: true });
    const outcome = faults.result().outcome;
    const own = outcome === "denied" ? await this.#ownNamespace() : undefined;
    const rest = own === undefined ? [] : await findNamespaces(this.#connection, own, this.#signal);
    await scopes.close();
    if (faults.isListed) {
      context.regions({ account: id, notEnabled: [], whole: found.map(({ name }) => name) });
      return { list: found, isWhole: true };
    }
    return { list: rest, isWhole: false };
  }

  async #ownNamespace(): Promise<string | undefined> {
    const { namespace } = this.#cluster;
    if (namespace === undefined) return undefined;
    const { readFile } = this.#parts;
    const text = await readSource(namespace, readFile).catch((error: unknown) => {
      if (!(error instanceof CloudError)) throw error;
      return "";
    });
    return text.trim() || undefined;
  }

  /** Lists one kind; returns its scopes, closed, or undefined where nothing could be listed. */
  async #resource(
    resource: Resource,
    namespaces: Namespaces | undefined,
  ): Promise<ScopeSet | undefined> {
    const scopes = await this.#open(resource, namespaces);
    const isPod = resource.api.kind === "Pod";
    if (scopes.isDone && !(isPod && !this.#selectors.isEmpty)) return undefined;
    const served = await this.#discovery.find(resource.api);
    if (this.#listable(served, scopes, resource)) {
      await list({
        ...this.#listing(resource, served.version, scopes, namespaces),
        take: async (namespace, node, meta) => {
          if (isPod) this.#selectors.pod(namespace, meta.uid, meta.labels ?? {});
          await scopes.send(namespace, node);
        },
      });
    }
    await scopes.close();
    this.#done++;
    this.#progress(resource.collector);
    return scopes;
  }

  /** Lists a kind that selects pods, and holds its nodes until the pods are known. */
  async #hold(
    resource: Resource,
    namespaces: Namespaces | undefined,
  ): Promise<(pods: ScopeSet | undefined) => Promise<void>> {
    const scopes = await this.#open(resource, namespaces);
    const held: Held[] = [];
    const served = scopes.isDone ? undefined : await this.#discovery.find(resource.api);
    if (served !== undefined && this.#listable(served, scopes, resource)) {
      await list({
        ...this.#listing(resource, served.version, scopes, namespaces),
        take: (namespace, node, _, raw) => {
          if (scopes.of(namespace)?.writer === undefined) return Promise.resolve();
          const selector = readSelector(valueAt(raw, resource.selects ?? ""));
          const selected = selector === undefined ? [] : this.#selectors.add(namespace, selector);
          held.push({ namespace, node, selected });
          return Promise.resolve();
        },
      });
    }
    return async (pods) => {
      for (const each of held) {
        await scopes.send(each.namespace, this.#withPods(each, scopes, pods));
      }
      await scopes.close();
      this.#done++;
      this.#progress(resource.collector);
    };
  }

  /** Without a whole list of the namespace's pods the edges are those that were known last. */
  #withPods(
    { namespace, node, selected }: Held,
    scopes: ScopeSet,
    pods: ScopeSet | undefined,
  ): NodeInput {
    const edges = [
      ...node.edges ?? [],
      ...selected.map((uid) => byId("to", "kubernetes_pod", uid)),
    ];
    if (pods?.of(namespace)?.faults.isListed === true) return { ...node, edges };
    const wantsPods = this.#parts.resources.some(({ api }) => api.kind === "Pod");
    if (wantsPods) {
      const message = "the pods that are selected could not be listed";
      scopes.of(namespace)?.faults.unread(new CkError("NoPods", message), "list pods");
    }
    return { ...node, edges, keep: [...node.keep ?? [], "$edges"] };
  }

  async #open(resource: Resource, namespaces: Namespaces | undefined): Promise<ScopeSet> {
    const { context } = this.#parts;
    const inside = resource.api.namespaced ? namespaces?.list ?? [] : undefined;
    return await ScopeSet.open(context, this.#cluster.id, resource.kind, inside);
  }

  #listing(
    resource: Resource,
    version: string,
    scopes: ScopeSet,
    namespaces?: Namespaces,
  ) {
    const { api } = resource;
    const named = api.namespaced && namespaces?.isWhole === false;
    return {
      resource,
      version,
      scopes,
      connection: this.#connection,
      signal: this.#signal,
      make: compileNode(resource, version, this.#parts.mapper, this.#edges),
      ...(named ? { oneByOne: namespaces.list.map(({ name }) => name) } : {}),
    };
  }

  /** Whether a kind can be listed; tells the scopes if not. */
  #listable(
    served: Served,
    scopes: ScopeSet,
    { api }: Resource,
  ): served is Extract<Served, { type: "served" }> {
    if (served.type === "served") return true;
    const call = permissionOf("list", api);
    if (served.type === "unknown") {
      // A fault of the discovery means that nothing is known of the kind, whatever it was.
      const { message, ...fault } = toScopeFault(served.error, "discovery");
      const text = `${call}: ${message}`;
      const isGone = outcomeOf(served.error) === "unsupported";
      scopes.lost(isGone ? new CloudError("request", text) : served.error, fault.call);
      return false;
    }
    const place = { call, account: this.#cluster.id };
    const message = `the cluster does not serve ${api.plural}`;
    scopes.lost(
      new CallFault("unsupported", place, { status: 404, reason: "NotServed", message }),
      call,
    );
    return false;
  }

  #progress(label: string): void {
    const total = this.#parts.resources.length;
    this.#parts.context.progress(this.#cluster.id, Math.min(this.#done, total), total, label);
  }
}
