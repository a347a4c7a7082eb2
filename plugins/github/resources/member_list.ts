import { BadRecord, isRecord, type RawRecord } from "ckworker";
import type { GithubClient } from "../client/client.ts";
import type { OrgList } from "./org_list.ts";
import { fold } from "../fold.ts";

/** Somebody who belongs to organisations. */
export interface Member {
  readonly record: RawRecord;
  /** Logins of the organisations. */
  readonly orgs: readonly string[];
}

/** Who belongs to the organisations, as far as it could be read. */
export interface Members {
  /** By folded login. */
  readonly byLogin: ReadonlyMap<string, Member>;
  /** Lists that failed and records that cannot be read: somebody may belong to more. */
  readonly failures: readonly unknown[];
}

/** Members of all organisations, listed when they are first asked for: users and scopes share them. */
export class MemberList {
  readonly #client: GithubClient;
  readonly #orgs: readonly string[];
  readonly #orgList: OrgList;
  /** With those who have access to a repository and are no members. */
  readonly #outsiders: boolean;
  #listed: Promise<Members> | undefined;

  constructor(
    client: GithubClient,
    orgs: readonly string[],
    orgList: OrgList,
    outsiders: boolean,
  ) {
    this.#client = client;
    this.#orgs = orgs;
    this.#orgList = orgList;
    this.#outsiders = outsiders;
  }

  /** Never rejects: what failed is part of the result. */
  all(): Promise<Members> {
    return this.#listed ??= this.#list();
  }

  async #list(): Promise<Members> {
    const byLogin = new Map<string, Member>();
    const failures: unknown[] = [];
    const add = (org: string | undefined, value: unknown) => {
      const login = isRecord(value) ? value["login"] : undefined;
      if (!isRecord(value) || typeof login !== "string") {
        failures.push(new BadRecord("a member has no login"));
        return;
      }
      const { record = value, orgs = [] } = byLogin.get(fold(login)) ?? {};
      byLogin.set(fold(login), { record, orgs: org === undefined ? orgs : [...orgs, org] });
    };
    for (const org of this.#orgs) {
      const login = await this.#orgList.login(org);
      await this.#read(MEMBERS, org, (value) => add(login, value), failures);
      if (this.#outsiders) {
        await this.#read(OUTSIDERS, org, (value) => add(undefined, value), failures);
      }
    }
    return { byLogin, failures };
  }

  async #read(
    { call, route }: typeof MEMBERS | typeof OUTSIDERS,
    org: string,
    take: (value: unknown) => void,
    failures: unknown[],
  ): Promise<void> {
    try {
      for await (const page of this.#client.pages(call, route, { org })) page.forEach(take);
    } catch (error) {
      failures.push(error);
    }
  }
}

const MEMBERS = {
  call: "github:ListOrganizationMembers",
  route: "GET /orgs/{org}/members",
} as const;
const OUTSIDERS = {
  call: "github:ListOutsideCollaborators",
  route: "GET /orgs/{org}/outside_collaborators",
} as const;
