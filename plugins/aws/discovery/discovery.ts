import { CloudError, type PluginContext } from "ckworker";
import { type Accounts, chooseAccounts, type OrganisationAccount } from "./accounts.ts";
import { ENGINE_CALLS } from "../engine/base.ts";
import type { Caller } from "../engine/caller.ts";
import { CallFault } from "../client/call_fault.ts";
import { Connection } from "../client/connection.ts";
import type { Session } from "../client/session.ts";
import type { RunNetwork } from "./network.ts";
import type { AwsOptions } from "../options.ts";
import { member, text } from "../engine/path.ts";
import { Selection } from "../engine/selection.ts";
import type { Sessions, Start } from "./sessions.ts";

/** Who we are and which accounts there are. */
export interface Discovered extends Accounts {
  /** The session at hand, its account known. */
  readonly base: Session;
  /** The organisation's list was asked for; `fault` says why it could not be read. */
  readonly organisation: "not asked" | "listed" | { readonly fault: unknown };
}

/** What discovery works with. */
export interface DiscoveryParts {
  readonly context: Pick<PluginContext<AwsOptions>, "options" | "signal">;
  readonly network: RunNetwork;
  readonly caller: Caller;
  readonly start: Start;
  readonly sessions: Sessions;
}

/**
 * Finds the account of the credentials at hand, and the accounts to collect.
 * @throws CloudError when there are no credentials, or none that AWS knows
 */
export async function discover(parts: DiscoveryParts): Promise<Discovered> {
  const { options } = parts.context;
  const base = await identify(parts);
  const found = {
    options,
    current: base.account,
    allKinds: new Selection(options.collect, options.no_collect).all,
  };
  if (!options.scrape_org || options.role === undefined) {
    const accounts = chooseAccounts({ ...found, organisation: undefined });
    return { ...accounts, base, organisation: "not asked" };
  }
  try {
    const organisation = await listOrganisation(parts, base);
    return { ...chooseAccounts({ ...found, organisation }), base, organisation: "listed" };
  } catch (fault) {
    parts.context.signal.throwIfAborted();
    const accounts = chooseAccounts({ ...found, organisation: undefined });
    return { ...accounts, base, organisation: { fault } };
  }
}

/**
 * The session at hand, its account known.
 * @throws CloudError when there are no credentials, or none that AWS knows
 */
export async function identify(
  { context, network, caller, start, sessions }: DiscoveryParts,
): Promise<Session> {
  const session = sessions.base();
  using connection = new Connection(network, session, start.region);
  const { whoAmI } = ENGINE_CALLS;
  try {
    const answer = await caller.call(connection, whoAmI, whoAmI.service, {});
    const account = text(answer, "Account");
    if (account !== undefined) return session.named(account);
  } catch (error) {
    context.signal.throwIfAborted();
    throw explain(error);
  }
  throw new CloudError("request", "sts:GetCallerIdentity named no account");
}

async function listOrganisation(
  { context, network, caller, start, sessions }: DiscoveryParts,
  base: Session,
): Promise<readonly OrganisationAccount[]> {
  const { org_role: role } = context.options;
  const session = role === undefined ? base : sessions.assume(base, base.account, role);
  using connection = new Connection(network, session, start.partition.home);
  const { accounts } = ENGINE_CALLS;
  const listed = await caller.call(connection, accounts, accounts.service, {});
  const found = (Array.isArray(listed) ? listed : []).map(toOrganisationAccount);
  // Accounts that a whole list does not name are gone, so one that cannot be whole is none.
  if (found.length === 0) throw notWhole("it names no account");
  if (role === undefined && !found.some(({ id }) => id === base.account)) {
    throw notWhole(`it does not name the account ${base.account} that asked for it`);
  }
  return found;
}

function notWhole(why: string): CloudError {
  return new CloudError("request", `the list of the organisation's accounts is not whole: ${why}`, {
    context: { plugin: "aws", call: "organizations:ListAccounts" },
  });
}

/** `State` has replaced `Status`; older answers have only that. */
function toOrganisationAccount(answered: unknown): OrganisationAccount {
  const id = text(answered, "Id");
  if (id === undefined) throw notWhole("an account has no id");
  const name = text(answered, "Name");
  const state = member(answered, "State") ?? member(answered, "Status");
  // arn:aws:organizations::<management account>:account/<organisation>/<account>
  const organisation = text(answered, "Arn")?.replace(/\/[^/]*$/, "");
  return {
    id,
    ...(name === undefined ? {} : { name }),
    state: String(state ?? "ACTIVE"),
    ...(organisation === undefined ? {} : { organisation }),
  };
}

/** Says what to do about credentials that are missing, expired or unknown. */
function explain(error: unknown): unknown {
  if (!(error instanceof CallFault)) return error;
  const { fault, message } = error.verdict;
  const why = WHY[fault];
  if (why === undefined) return withNetworkHint(error);
  return new CloudError(
    fault === "expired_credentials" ? fault : "no_credentials",
    `${why}: ${message.replace(/[.\s]+$/, "")}`,
    {
      context: error.context,
      hint:
        "Give --aws-profile, or --aws-access-key-id with --aws-secret-access-key-file, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; after an expiry log in again (aws sso login).",
      cause: error,
    },
  );
}

/** The first call of a run finds out whether AWS can be reached at all. */
function withNetworkHint(error: CallFault): CloudError {
  return new CloudError(error.fault, error.message.replace(/[.\s]+$/, ""), {
    context: error.context,
    hint:
      "Check the network, HTTPS_PROXY and NO_PROXY, --ca-cert or AWS_CA_BUNDLE, and --aws-endpoint-url.",
    cause: error,
  });
}

const WHY: Readonly<Record<string, string>> = {
  access_denied: "AWS refuses the credentials",
  expired_credentials: "the AWS credentials have expired",
  no_credentials: "there are no AWS credentials that work",
  not_enabled: "AWS does not know the credentials in the first region",
};
