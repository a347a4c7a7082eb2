import type { Assembler } from "../graph/mod.ts";
import type { ScopeKey } from "../model/mod.ts";
import type { RunWriter } from "../store/mod.ts";

/** Resource name of the scope that holds the node of a cloud. */
const CLOUD = "cloud";

const UNDEFINED = "undefined";
const BODY = new TextEncoder().encode('{"tags":{}}');

/** Whether a scope is the host's own, which no guest opens. */
export function isHostScope(scope: ScopeKey): boolean {
  return scope.account === "" && scope.resource === CLOUD;
}

/**
 * The nodes that no guest may send: the root of the graph, which is not stored, and one node per
 * cloud, made when the first scope of the cloud opens; a cloud of which nothing could be looked at
 * never appears as an empty one.
 */
export class HostNodes {
  readonly #writer: RunWriter;
  readonly #assembler: Assembler;
  readonly #clouds = new Set<string>();

  constructor(writer: RunWriter, assembler: Assembler) {
    this.#writer = writer;
    this.#assembler = assembler;
    this.#add("graph_root", UNDEFINED, "root");
  }

  ensureCloud(cloud: string): void {
    if (this.#clouds.has(cloud)) return;
    this.#clouds.add(cloud);
    const scope = this.#writer.open({ cloud, account: "", region: "", resource: CLOUD }, "");
    this.#writer.stage(scope, this.#add("cloud", cloud, cloud));
    this.#writer.close(scope, "complete", []);
  }

  #add(kind: string, cloud: string, id: string) {
    const place = {
      kind,
      cloud,
      account: UNDEFINED,
      region: UNDEFINED,
      zone: UNDEFINED,
      id,
      name: id,
      extras: {},
    };
    const { seq, nodeId } = this.#assembler.add({ ...place, regionName: "", bodyHash: 0 });
    return { ...place, seq, nodeId, body: BODY };
  }
}
