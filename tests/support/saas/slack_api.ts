import type {
  ConversationsListResponse,
  ConversationsMembersResponse,
  TeamInfoResponse,
  UsergroupsListResponse,
  UsersListResponse,
} from "@slack/web-api";
import { type FakeApi, startFakeApi } from "./fake_api.ts";

/** What the simulated workspace holds; answers have the types that Slack publishes. */
export interface SlackEstate {
  readonly users: readonly string[];
  /** Users by user group. */
  readonly usergroups: Readonly<Record<string, readonly string[]>>;
  /** Members by channel. */
  readonly conversations: Readonly<Record<string, readonly string[]>>;
  /** Channels that are listed only when archived ones are asked for. */
  readonly archived?: readonly string[];
}

/** A simulated Slack on loopback. */
export interface SlackApi extends FakeApi {
  /** Arguments of the calls, as `method name=value …`. */
  readonly calls: readonly string[];
  readonly authorisations: ReadonlySet<string>;
}

/** Serves an estate in pages of at most so many. */
export function startSlack(estate: SlackEstate, mostPerPage = 100): SlackApi {
  const calls: string[] = [];
  const authorisations = new Set<string>();
  const fake = startFakeApi(async (request) => {
    authorisations.add(request.headers.get("authorization") ?? "");
    const values = new URLSearchParams(await request.text());
    const method = new URL(request.url).pathname.slice("/api/".length);
    calls.push(`${method} ${[...values].map((pair) => pair.join("=")).join(" ")}`.trim());
    return Response.json(answer(estate, method, values, mostPerPage));
  });
  return { ...fake, url: `${fake.url}/api`, calls, authorisations };
}

function answer(estate: SlackEstate, method: string, values: URLSearchParams, most: number) {
  const { users, conversations, archived = [] } = estate;
  switch (method) {
    case "team.info":
      return TEAM;
    case "users.list": {
      const { page, response_metadata } = paged(users, values, most);
      return { ok: true, members: page.map(user), response_metadata } satisfies UsersListResponse;
    }
    case "usergroups.list":
      return usergroups(estate);
    case "conversations.list": {
      const all = values.get("exclude_archived") === "true"
        ? Object.keys(conversations)
        : [...Object.keys(conversations), ...archived];
      const { page, response_metadata } = paged(all, values, most);
      const channels = page.map((id) => channel(id, archived.includes(id)));
      return { ok: true, channels, response_metadata } satisfies ConversationsListResponse;
    }
    case "conversations.members": {
      const all = conversations[values.get("channel") ?? ""] ?? [];
      const { page, response_metadata } = paged(all, values, most);
      return {
        ok: true,
        members: [...page],
        response_metadata,
      } satisfies ConversationsMembersResponse;
    }
    default:
      return { ok: false, error: "unknown_method" };
  }
}

function paged(all: readonly string[], values: URLSearchParams, most: number) {
  const start = Number(values.get("cursor") ?? 0);
  const end = start + Math.min(Number(values.get("limit") ?? most), most);
  const page = all.slice(start, end);
  return { page, response_metadata: { next_cursor: end < all.length ? String(end) : "" } };
}

const TEAM = {
  ok: true,
  team: {
    id: "T1",
    name: "Acme",
    domain: "acme",
    email_domain: "acme.test",
    icon: { image_original: "https://acme.test/icon.png", image_default: false },
  },
} satisfies TeamInfoResponse;

type Member = NonNullable<UsersListResponse["members"]>[number];

/** A name that begins with `no-name` has an empty one. */
function user(id: string): Member {
  return {
    id,
    team_id: "T1",
    name: id.toLowerCase(),
    deleted: false,
    color: "9f69e7",
    real_name: `Real ${id}`,
    tz: "Europe/Paris",
    tz_label: "Central European Time",
    tz_offset: 3_600,
    is_admin: id === "U1",
    is_bot: false,
    updated: 1_700_000_000,
    profile: {
      display_name: id.startsWith("no-name") ? "" : `Display ${id}`,
      email: `${id.toLowerCase()}@acme.test`,
      status_text: "here",
      status_expiration: 0,
      image_24: "https://acme.test/24.png",
    },
  };
}

function usergroups({ usergroups: groups }: SlackEstate): UsergroupsListResponse {
  return {
    ok: true,
    usergroups: Object.entries(groups).map(([id, users]) => ({
      id,
      team_id: "T1",
      name: `Group ${id}`,
      handle: id.toLowerCase(),
      is_usergroup: true,
      date_create: 1_600_000_000,
      date_update: 1_700_000_000,
      date_delete: 0,
      users: [...users],
      user_count: users.length,
      prefs: { channels: ["C1"], groups: [] },
    })),
  };
}

type Channel = NonNullable<ConversationsListResponse["channels"]>[number];

function channel(id: string, isArchived: boolean): Channel {
  return {
    id,
    name: `channel-${id.toLowerCase()}`,
    creator: "U1",
    is_channel: true,
    is_archived: isArchived,
    num_members: 2,
    previous_names: ["before"],
    topic: { value: "Talk", creator: "U1", last_set: 1_650_000_000 },
    purpose: { value: "", creator: "", last_set: 0 },
  };
}
