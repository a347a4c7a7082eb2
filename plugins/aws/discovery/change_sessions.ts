import { ChangeError, type ChangeNode, CloudError } from "ckworker";
import type { AccountEntry } from "./accounts.ts";
import { type DiscoveryParts, identify } from "./discovery.ts";
import { type AwsOptions, ROLE_NAME } from "../options.ts";
import { partitionOf } from "./partitions.ts";
import { Connection } from "../client/connection.ts";
import type { Session } from "../client/session.ts";

const ACCOUNT_ID = /^\d{12}$/;
const REGION_ID = /^[a-z]{2,}(-[a-z]+)+-\d+$/;

/**
 * How an account is reached to change something in it: as it was collected, which the account node
 * tells, or as the options would collect it.
 * @param current account of the credentials at hand
 * @param known role that the account node names
 * @throws CloudError when nothing leads into the account
 */
export function entryOf(
  id: string,
  current: string,
  known: string | undefined,
  options: AwsOptions,
): AccountEntry {
  const { role, role_override, scrape_org, assume_current, account } = options;
  if (role !== undefined && role_override) return { id, role };
  if (known !== undefined) return { id, role: known };
  const assumes = scrape_org ? assume_current : account.includes(current);
  if (id === current && !(assumes && role !== undefined)) return { id };
  if (role !== undefined) return { id, role };
  throw new CloudError(
    "no_credentials",
    `the credentials are those of account ${current}, and no role is known for ${id}`,
    {
      context: { plugin: "aws", account: id },
      hint: "Give --aws-role, or start with credentials of that account.",
    },
  );
}

/** Connections to where nodes lie, kept as long as changes are made: roles are assumed once. */
export class ChangeSessions implements Disposable {
  readonly #parts: DiscoveryParts;
  readonly #sessions = new Map<string, Session>();
  readonly #connections = new Map<string, Connection>();
  #base: Promise<Session> | undefined;

  constructor(parts: DiscoveryParts) {
    this.#parts = parts;
  }

  /** Accounts in which something was changed. */
  get accounts(): readonly string[] {
    return [...new Set([...this.#sessions.values()].map(({ account }) => account))];
  }

  /**
   * The connection to a node's account and region.
   * @param property the one that tells the region, where the node is listed in another
   * @throws ChangeError for a node that lies nowhere, or where nothing is to be changed
   * @throws CloudError when nothing leads into its account
   */
  async connect(node: ChangeNode, property?: string): Promise<Connection> {
    const { account } = node;
    const { partition } = this.#parts.start;
    const listed = node.region?.id ?? partition.home;
    const region = property === undefined ? listed : this.#toldRegion(node, property) ?? listed;
    if (!ACCOUNT_ID.test(account.id)) throw lost(node, `account "${account.id}"`);
    if (!REGION_ID.test(region) || partitionOf(region) !== partition.name) {
      throw lost(node, `region "${region}" of partition ${partition.name}`);
    }
    const base = await this.#identified();
    const { options } = this.#parts.context;
    const entry = entryOf(account.id, base.account, roleOf(node), options);
    return this.#connection(this.#session(entry, base), region);
  }

  [Symbol.dispose](): void {
    for (const connection of this.#connections.values()) connection[Symbol.dispose]();
  }

  /** What the user leaves out is out of reach, too: the rights end where the options do. */
  #toldRegion(node: ChangeNode, property: string): string | undefined {
    const region = node.reported[property];
    if (region === undefined || region === null || region === "") return undefined;
    if (typeof region !== "string") throw lost(node, "region that is no text");
    const { start: { partition }, context: { options } } = this.#parts;
    const wanted = options.region.length === 0 || region === partition.home ||
      options.region.includes(region);
    if (!wanted) throw lost(node, `region ${region}, which --aws-region leaves out`);
    return region;
  }

  /** Asked once; a failure is not kept. */
  #identified(): Promise<Session> {
    if (this.#base !== undefined) return this.#base;
    const base = this.#base = identify(this.#parts);
    base.catch(() => this.#base = undefined);
    return base;
  }

  #session(entry: AccountEntry, base: Session): Session {
    const key = `${entry.id} ${entry.role ?? ""}`;
    const session = this.#sessions.get(key) ?? this.#parts.sessions.of(entry, base);
    this.#sessions.set(key, session);
    return session;
  }

  #connection(session: Session, region: string): Connection {
    const key = `${session.account} ${session.role ?? ""} ${region}`;
    const connection = this.#connections.get(key) ??
      new Connection(this.#parts.network, session, region);
    this.#connections.set(key, connection);
    return connection;
  }
}

/** A role by its name alone: an ARN could lead into any account. */
function roleOf(node: ChangeNode): string | undefined {
  const role = node.account.reported["role"];
  if (role === undefined || role === null || role === "") return undefined;
  if (typeof role === "string" && ROLE_NAME.test(role)) return role;
  throw lost(node, "account whose role is no name of a role");
}

function lost({ kind, id }: ChangeNode, where: string): ChangeError {
  return new ChangeError("failed", `${kind} ${id} cannot be changed: it lies in ${where}`, {
    context: { plugin: "aws", kind },
  });
}
