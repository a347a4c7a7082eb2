import { type ChangeContext, ChangeError, type Changer } from "ckworker";
import { ChangeSessions } from "./discovery/change_sessions.ts";
import type { DiscoveryParts } from "./discovery/discovery.ts";
import { type ChangeParts, runChange } from "./engine/change_run.ts";
import type { AwsOptions } from "./options.ts";
import type { NodeDeclaration, Resource } from "./resource.ts";

/** What a changer works with. */
export interface ChangerParts extends DiscoveryParts {
  readonly context: ChangeContext<AwsOptions>;
}

/** Where a kind is declared. */
type Target = Pick<ChangeParts, "declaration" | "service">;

/**
 * Changes nodes as the declarations of their kinds say. All changes share credentials and clients.
 * @param opened what it was made with, disposed of when it is closed
 */
export function createChanger(
  parts: ChangerParts,
  resources: readonly Resource[],
  opened: DisposableStack,
): Changer {
  const targets = new Map(resources.flatMap((resource) => targetsOf(resource, resource)));
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
      const shared = await sessions.connect(node);
      const connection = shared.within(signal);
      const made = { ...target, caller, connection, clock: network.clock, signal };
      try {
        return await runChange(node, change, made);
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
  declaration: NodeDeclaration,
  { service }: Pick<Resource, "service">,
): readonly (readonly [kind: string, target: Target])[] {
  const below = declaration.children ?? [];
  return [
    [declaration.kind, { declaration, service }],
    ...below.flatMap((child) => targetsOf(child, { service })),
  ];
}
