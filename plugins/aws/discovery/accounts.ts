import type { AccountReport, CollectFilter } from "ckworker";
import type { AwsOptions } from "../options.ts";

/** An account to collect. */
export interface AccountEntry {
  readonly id: string;
  readonly name?: string;
  /** Role to assume in it; undefined with the credentials at hand. */
  readonly role?: string;
}

/** An account of the organisation's list. */
export interface OrganisationAccount {
  readonly id: string;
  readonly name?: string;
  /** `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`, … */
  readonly state: string;
  /** ARN of the organisation, with its partition and management account. */
  readonly organisation?: string;
}

/** What account discovery decides from. */
export interface Found {
  readonly options: AwsOptions;
  /** Account of the credentials at hand. */
  readonly current: string;
  /** Undefined when the list was not asked for, or could not be read. */
  readonly organisation: readonly OrganisationAccount[] | undefined;
  /** No kind is left out. */
  readonly allKinds: boolean;
}

/** Which accounts to collect, and what to tell the host about all of them. */
export interface Accounts {
  readonly entries: readonly AccountEntry[];
  readonly report: AccountReport;
  /** What the user should know. */
  readonly warnings: readonly string[];
}

/** Decides which accounts are collected, each once, and with which role. */
export function chooseAccounts(found: Found): Accounts {
  const { options, organisation } = found;
  const warnings = warn(options);
  if (options.role === undefined) return only(found, [currentEntry(found)], warnings);
  if (options.scrape_org) return fromOrganisation(found, organisation, warnings);
  if (options.account.length === 0) return only(found, [currentEntry(found)], warnings);
  const { role } = options;
  return only(found, [...new Set(options.account)].map((id) => ({ id, role })), warnings);
}

function only(
  found: Found,
  entries: readonly AccountEntry[],
  warnings: readonly string[],
): Accounts {
  return {
    entries,
    report: {
      complete: false,
      accounts: entries.map(reported),
      ...filtersOf(found, found.options.account.length > 0),
    },
    warnings,
  };
}

/** All active members with the role, and the current account as the options say. */
function fromOrganisation(
  found: Found,
  organisation: readonly OrganisationAccount[] | undefined,
  warnings: readonly string[],
): Accounts {
  const { options, current } = found;
  const excluded = new Set(options.scrape_exclude_account);
  const entries: AccountEntry[] = [];
  const skipped: { id: string; reason: string }[] = [];
  for (const { id, name, state } of organisation ?? []) {
    const entry = { id, ...(name === undefined ? {} : { name }), ...withRole(options) };
    if (id === current && !options.assume_current) continue;
    if (excluded.has(id)) skipped.push({ id, reason: "excluded" });
    else if (state !== "ACTIVE") skipped.push({ id, reason: state.toLowerCase() });
    else entries.push(entry);
  }
  const assumed = entries.some(({ id }) => id === current);
  if (!assumed && !options.dont_scrape_current) {
    const name = organisation?.find(({ id }) => id === current)?.name;
    entries.push({ ...currentEntry(found), ...(name === undefined ? {} : { name }) });
  } else if (!assumed && !skipped.some(({ id }) => id === current)) {
    skipped.push({ id: current, reason: "current account left out" });
  }
  const collected = new Set(entries.map(({ id }) => id));
  const source = organisation?.find((each) => each.organisation !== undefined)?.organisation;
  return {
    entries,
    report: {
      complete: organisation !== undefined,
      ...(source === undefined ? {} : { source }),
      accounts: entries.map(reported),
      skipped: skipped.filter(({ id }) => !collected.has(id)),
      ...filtersOf(found, isExcluding(options)),
    },
    warnings,
  };
}

function currentEntry({ options, current }: Found): AccountEntry {
  return { id: current, ...(options.role_override ? withRole(options) : {}) };
}

function withRole({ role }: AwsOptions): { readonly role?: string } {
  return role === undefined ? {} : { role };
}

function reported({ id, name }: AccountEntry): { readonly id: string; readonly name?: string } {
  return name === undefined ? { id } : { id, name };
}

function isExcluding(options: AwsOptions): boolean {
  return options.account.length > 0 || options.scrape_exclude_account.length > 0 ||
    options.dont_scrape_current;
}

/** Which filters are set; `accounts` tells whether one of them is about accounts. */
function filtersOf(
  { options, allKinds }: Found,
  accounts: boolean,
): Pick<AccountReport, "unfiltered" | "filters"> {
  const filters: CollectFilter[] = [
    ...(accounts ? ["accounts" as const] : []),
    ...(options.region.length > 0 ? ["regions" as const] : []),
    ...(allKinds ? [] : ["kinds" as const]),
  ];
  return filters.length === 0 ? { unfiltered: true } : { unfiltered: false, filters };
}

function warn(options: AwsOptions): readonly string[] {
  const { role, scrape_org, account, assume_current, dont_scrape_current } = options;
  return [
    ...(role === undefined && scrape_org ? ["--aws-scrape-org needs --aws-role"] : []),
    ...(role === undefined && account.length > 0 ? ["--aws-account needs --aws-role"] : []),
    ...(role !== undefined && scrape_org && account.length > 0
      ? ["--aws-account has no effect with --aws-scrape-org"]
      : []),
    ...(assume_current && !dont_scrape_current
      ? ["--aws-assume-current: the current account is collected once, with the role"]
      : []),
  ];
}
