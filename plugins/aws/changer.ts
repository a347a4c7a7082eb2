import { type ChangeContext, ChangeError, type ChangeNode, type Changer } from "ckworker";
import type { Connection } from "./client/connection.ts";
import { ChangeSessions } from "./discovery/change_sessions.ts";
import type { DiscoveryParts } from "./discovery/discovery.ts";
import { type ChangeParts, runChange } from "./engine/change_run.ts";
import { type CompiledNode, Compiler } from "./engine/compile.ts";
import type { Mapping } from "./engine/mapping.ts";
import { readNode, type ReadParts } from "./engine/read_run.ts";
import { redactUnread } from "./engine/unread.ts";
import type { AwsOptions } from "./options.ts";
import type { Operation, Place, Resource } from "./resource.ts";
import type { ServiceName } from "./services.ts";

/** What a changer works with. */
export interface ChangerParts extends DiscoveryParts {
  readonly context: ChangeContext<AwsOptions>;
}

/** Where a kind is declared, and how it is read. */
type Target = Pick<ChangeParts, "declaration" | "service"> & Pick<ReadParts, "node" | "lists">;

/**
 * Changes nodes as the declarations of their kinds say. All changes share credentials and clients.
 * @param opened what it was made with, disposed of when it is closed
 */
export function createChanger(
  parts: ChangerParts,
  resources: readonly Resource[],
  mapping: Mapping,
  opened: DisposableStack,
): Changer {
  const compiler = new Compiler(mapping, redactUnread);
  const targets = new Map(
    resources.flatMap((resource) =>
      targetsOf(compiler.resource(resource), resource.service, listsOf(resource))
    ),
  );
  const sessions = opened.use(new ChangeSessions(parts));
  const { context, network, caller } = parts;
  return {
    async change(node, change, signal) {
      const target = targets.get(node.kind);
      if (target === undefined) {
        throw new ChangeError("unsupported", `nothing of ${node.kind} can be changed`, {
          context: { plugin: "aws", kind: node.kind },
        });
      }
      const { changedIn } = target.declaration;
      const property = change.type === "read" ? undefined : changedIn;
      const shared = await sessions.connect(node, property);
      const connection = shared.within(signal);
      const made = { ...target, caller, connection, clock: network.clock, signal };
      try {
        if (change.type !== "read") return await runChange(node, change, made);
        if (!isReadable(target)) throw unreadable(node);
        return await readNode(node, { ...made, place: placeOf(node, connection, parts) });
      } finally {
        context.stats(network.log.take());
      }
    },
    close() {
      const accounts = sessions.accounts;
      context.learned(accounts.flatMap((account) => network.budgets.release(account)));
      opened.dispose();
      return Promise.resolve();
    },
  };
}

function targetsOf(
  node: CompiledNode,
  service: ServiceName,
  lists: readonly Operation[],
): readonly (readonly [kind: string, target: Target])[] {
  const { declaration } = node;
  return [
    [declaration.kind, { declaration, service, node, lists }],
    ...node.children.flatMap((child) => targetsOf(child, service, [])),
  ];
}

function listsOf({ list }: Resource): readonly Operation[] {
  return "operation" in list ? [list] : list;
}

function isReadable({ declaration, lists }: Target): boolean {
  return declaration.read !== undefined || lists.length > 0;
}

function unreadable({ kind }: ChangeNode): ChangeError {
  return new ChangeError("unsupported", `${kind} cannot be read alone`, {
    context: { plugin: "aws", kind },
  });
}

function placeOf(
  { account, region }: ChangeNode,
  connection: Connection,
  { start, network }: ChangerParts,
): Place {
  return {
    account: account.id,
    region: connection.region,
    regionName: region?.name ?? connection.region,
    partition: start.partition.name,
    now: new Date(network.clock.now()),
  };
}
