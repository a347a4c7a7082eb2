import {
  type ChangeContext,
  ChangeError,
  type ChangeNode,
  type Changer,
  type DescribedMapping,
} from "ckworker";
import type { TokenAuthority } from "./access/authority.ts";
import type { GcpMachine } from "./access/machine.ts";
import { ObjectChange } from "./engine/object_change.ts";
import { createMapper } from "./engine/mapper.ts";
import type { GcpOptions } from "./options.ts";
import { readProjects, wantedProjects } from "./projects.ts";
import { resources } from "./resources/mod.ts";
import { Session } from "./session.ts";

/** Reads, labels and deletes, each only the very object that the node was. */
export async function createChanger(
  context: ChangeContext<GcpOptions>,
  mapping: DescribedMapping,
  machine: GcpMachine,
): Promise<Changer> {
  using opened = new DisposableStack();
  const session = opened.use(new Session(context, machine, "change"));
  const owners = new Owners(session, context, await session.authorities());
  const mapper = createMapper(mapping);
  const kinds = new Map(resources.map((resource) => [resource.kind, resource]));
  const life = opened.move();
  return {
    async change(node, change, signal) {
      const resource = kinds.get(node.kind);
      if (resource === undefined) {
        throw new ChangeError("unsupported", `nothing of ${node.kind} can be changed`, {
          context: { plugin: "gcp", kind: node.kind },
        });
      }
      const ended = AbortSignal.any([context.signal, signal]);
      const api = session.api(await owners.of(node), ended);
      try {
        const { clock } = machine;
        return await new ObjectChange({ node, resource, api, mapper, clock, signal: ended })
          .make(change);
      } finally {
        api.tell(node.account.id);
      }
    },
    close() {
      life.dispose();
      return Promise.resolve();
    },
  };
}

/** Says as whom the nodes of a project are changed: as who collected them. */
class Owners {
  readonly #session: Session;
  readonly #context: ChangeContext<GcpOptions>;
  readonly #authorities: readonly TokenAuthority[];
  #projects: Promise<ReadonlyMap<string, TokenAuthority>> | undefined;

  constructor(
    session: Session,
    context: ChangeContext<GcpOptions>,
    authorities: readonly TokenAuthority[],
  ) {
    this.#session = session;
    this.#context = context;
    this.#authorities = authorities;
  }

  async of({ kind, account }: ChangeNode): Promise<TokenAuthority> {
    const { project, folder, organization } = this.#context.options;
    if (project.length > 0 && !project.includes(account.id)) throw this.#foreign(kind, account.id);
    const [only] = this.#authorities;
    const isAnywhere = folder.length + organization.length === 0;
    if (only !== undefined && this.#authorities.length === 1 && isAnywhere) return only;
    const known = await (this.#projects ??= this.#list());
    const found = known.get(account.id);
    if (found === undefined) throw this.#foreign(kind, account.id);
    return found;
  }

  async #list(): Promise<ReadonlyMap<string, TokenAuthority>> {
    const { options } = this.#context;
    const lists = await readProjects(this.#session, this.#context);
    // Where nobody tells what a project lies in, nothing of it is changed.
    const known = wantedProjects(lists, options).filter(({ unplaced }) => unplaced === undefined);
    return new Map(known.map(({ id, authority }) => [id, authority]));
  }

  #foreign(kind: string, project: string): ChangeError {
    return new ChangeError("failed", `no credentials reach the project ${project}`, {
      context: { plugin: "gcp", kind, account: project },
      hint:
        "Give a service account of it with --gcp-service-account, and no option that leaves it out",
    });
  }
}
