import { CloudError, type CollectContext, type Collector } from "ckworker";
import pMap from "p-map";
import { collectAccount, type RunParts } from "./account_run.ts";
import { type Accounts, chooseAccounts, type OrganisationAccount } from "./accounts.ts";
import { account, ENGINE_CALLS, region } from "./base.ts";
import { Caller } from "./caller.ts";
import { CallFault } from "./client/call_fault.ts";
import { Connection } from "./client/connection.ts";
import type { Session } from "./client/session.ts";
import { Compiler } from "./compile.ts";
import { outcomeOf, toScopeFault } from "./faults.ts";
import type { Mapping } from "./mapping.ts";
import { createNetwork, type Machine, type Pool, type RunNetwork } from "./network.ts";
import type { AwsOptions } from "./options.ts";
import { member, text } from "./path.ts";
import type { Resource } from "./resource.ts";
import { Selection } from "./selection.ts";
import { findStart, Sessions, type Start } from "./sessions.ts";

/** What the collector is made of: declarations and what is generated from them. */
export interface Parts {
  readonly resources: readonly Resource[];
  readonly mapping: Mapping;
  readonly calls: readonly {
    readonly call: string;
    readonly permissions: readonly string[];
    readonly purpose: string;
  }[];
}

/** The collector over declarations and a machine. */
export function createCollector(parts: Parts, machine: Machine): Collector<AwsOptions> {
  const permissions = new Map(
    parts.calls.filter(({ purpose }) => purpose === "read").map((each) =>
      [each.call, each.permissions] as const
    ),
  );
  return {
    async collect(context) {
      using pool = await openPool(context, machine);
      const { endpoint_url: endpoint } = context.options;
      const network = createNetwork(context, machine, pool, endpoint, permissions);
      await new Run(context, machine, parts, network).collect();
    },
  };
}

class Run {
  readonly #context: CollectContext<AwsOptions>;
  readonly #machine: Machine;
  readonly #parts: Parts;
  readonly #network: RunNetwork;
  readonly #caller: Caller;

  constructor(
    context: CollectContext<AwsOptions>,
    machine: Machine,
    parts: Parts,
    network: RunNetwork,
  ) {
    this.#context = context;
    this.#machine = machine;
    this.#parts = parts;
    this.#network = network;
    this.#caller = new Caller(parts.mapping.pages);
  }

  async collect(): Promise<void> {
    const context = this.#context;
    const start = await findStart(context, this.#machine, this.#network.handler);
    const sessions = new Sessions(this.#network, start, context.options);
    const base = await this.#identify(sessions, start);
    const { entries, report, warnings } = await this.#accounts(sessions, start, base);
    for (const warning of warnings) context.log("warn", "aws.options", warning);
    context.accounts(report);
    const { index, of } = context.shard;
    const mine = entries.filter((_, position) => position % of === index);
    const run = this.#runParts(start);
    await pMap(mine, (entry) => collectAccount(entry, sessions.of(entry, base), run), {
      concurrency: context.options.account_pool_size,
    });
    context.stats(this.#network.log.take());
  }

  /**
   * The session at hand, with its account.
   * @throws CloudError when there are no credentials, or none that AWS knows
   */
  async #identify(sessions: Sessions, start: Start): Promise<Session> {
    const session = sessions.base();
    using connection = new Connection(this.#network, session, start.region);
    const { whoAmI } = ENGINE_CALLS;
    try {
      const answer = await this.#caller.call(connection, whoAmI, whoAmI.service, {});
      const account = text(answer, "Account");
      if (account === undefined) {
        throw new CloudError("request", "sts:GetCallerIdentity named no account");
      }
      return session.named(account);
    } catch (error) {
      this.#context.signal.throwIfAborted();
      throw noCredentials(error);
    }
  }

  async #accounts(sessions: Sessions, start: Start, base: Session): Promise<Accounts> {
    const { options } = this.#context;
    const found = {
      options,
      current: base.account,
      allKinds: new Selection(options.collect, options.no_collect).all,
    };
    if (!options.scrape_org || options.role === undefined) {
      return chooseAccounts({ ...found, organisation: undefined });
    }
    const organisation = await this.#organisation(sessions, start, base);
    return chooseAccounts({ ...found, organisation });
  }

  /** The organisation's accounts; undefined when they cannot be listed, which the ledger then tells. */
  async #organisation(
    sessions: Sessions,
    start: Start,
    base: Session,
  ): Promise<readonly OrganisationAccount[] | undefined> {
    const { org_role: role } = this.#context.options;
    const session = role === undefined ? base : sessions.assume(base, base.account, role);
    using connection = new Connection(this.#network, session, start.partition.home);
    const { accounts } = ENGINE_CALLS;
    try {
      const listed = await this.#caller.call(connection, accounts, accounts.service, {});
      await this.#organisationScope(undefined);
      return (Array.isArray(listed) ? listed : []).flatMap(toOrganisationAccount);
    } catch (error) {
      this.#context.signal.throwIfAborted();
      await this.#organisationScope(error);
      return undefined;
    }
  }

  /** The list of accounts has a scope of its own, of no account. */
  async #organisationScope(error: unknown): Promise<void> {
    // Of several guests that list the same accounts, one tells.
    if (this.#context.shard.index !== 0) return;
    const scope = { account: "", resource: account.kind };
    if (this.#context.resumed(scope)) return;
    const writer = await this.#context.open(scope);
    if (error === undefined) return await writer.close();
    this.#context.log(
      "error",
      "aws.organisation.unknown",
      "the accounts of the organisation cannot be listed",
    );
    const fault = toScopeFault(error, "organizations:ListAccounts");
    await writer.close({ outcome: outcomeOf(error), faults: [fault] });
  }

  #runParts(start: Start): RunParts {
    const { options, sensitive } = this.#context;
    const compiler = new Compiler(this.#parts.mapping, sensitive);
    return {
      context: this.#context,
      network: this.#network,
      caller: this.#caller,
      partition: start.partition,
      selection: new Selection(options.collect, options.no_collect),
      resources: this.#parts.resources.map((resource) => compiler.resource(resource)),
      account: compiler.node(account),
      region: compiler.node(region),
      guestOnce: new Map(),
    };
  }
}

async function openPool(context: CollectContext<AwsOptions>, machine: Machine): Promise<Pool> {
  const bundle = machine.env("AWS_CA_BUNDLE");
  const own = bundle === undefined || bundle === "" ? "" : await machine.readFile(bundle);
  return machine.pool([context.caCertificates ?? "", own].filter((each) => each !== "").join("\n"));
}

/** `State` has replaced `Status`; older answers have only that. */
function toOrganisationAccount(answered: unknown): readonly OrganisationAccount[] {
  const id = text(answered, "Id");
  if (id === undefined) return [];
  const name = text(answered, "Name");
  const state = member(answered, "State") ?? member(answered, "Status");
  return [{ id, ...(name === undefined ? {} : { name }), state: String(state ?? "ACTIVE") }];
}

function noCredentials(error: unknown): unknown {
  if (!(error instanceof CallFault)) return error;
  const { fault } = error.verdict;
  if (fault !== "no_credentials" && fault !== "expired_credentials" && fault !== "not_enabled") {
    return error;
  }
  return new CloudError(
    fault === "expired_credentials" ? fault : "no_credentials",
    `AWS does not accept the credentials: ${error.verdict.message}`,
    {
      context: error.context,
      hint:
        "Give --aws-profile or --aws-access-key-id with --aws-secret-access-key-file, set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or log in again (aws sso login).",
      cause: error,
    },
  );
}
