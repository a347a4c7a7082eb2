import { type FakeApi, startFakeApi } from "./fake_api.ts";

/** What the simulated account holds. Answers are written by hand: OneLogin publishes no description. */
export interface OneLoginEstate {
  readonly users: readonly string[];
  readonly groups: readonly string[];
  readonly roles: readonly string[];
}

/** A simulated OneLogin on loopback, for the client `id` with the secret `s3cr3t`. */
export interface OneLoginApi extends FakeApi {
  /** How many tokens it has given. */
  readonly tokens: () => number;
  /** Makes all tokens given so far worthless. */
  expire(): void;
}

/** Serves an estate in pages of at most so many. */
export function startOneLogin(estate: OneLoginEstate, perPage = 50): OneLoginApi {
  let given = 0;
  let oldest = 1;
  const fake = startFakeApi((request) => {
    const { pathname, searchParams } = new URL(request.url);
    const authorization = request.headers.get("authorization") ?? "";
    if (pathname === "/auth/oauth2/v2/token") {
      if (authorization !== "client_id:id, client_secret:s3cr3t") {
        return refuse(401, "Unauthorized");
      }
      return Response.json({
        access_token: `token-${++given}`,
        created_at: "2026-01-01T00:00:00Z",
        expires_in: 36_000,
        refresh_token: "refresh",
        account_id: 7,
        token_type: "bearer",
      });
    }
    const token = Number(/^bearer token-(\d+)$/.exec(authorization)?.[1] ?? 0);
    if (token < oldest) return refuse(401, "Unauthorized");
    const list = pathname.slice("/api/1/".length);
    const all = list === "users" ? estate.users.map(user) : namesOf(estate, list)?.map(named);
    if (all === undefined) return refuse(404, "Not Found");
    const start = Number(searchParams.get("after_cursor")?.split("+=/")[0] ?? 0);
    const end = start + perPage;
    return Response.json({
      status: { error: false, code: 200, type: "success", message: "Success" },
      pagination: {
        before_cursor: null,
        // It holds characters that an address must not.
        after_cursor: end < all.length ? `${end}+=/` : null,
        previous_link: null,
        next_link: null,
      },
      data: all.slice(start, end),
    });
  });
  return {
    ...fake,
    tokens: () => given,
    expire: () => {
      oldest = given + 1;
    },
  };
}

function namesOf({ groups, roles }: OneLoginEstate, list: string): readonly string[] | undefined {
  return list === "groups" ? groups : list === "roles" ? roles : undefined;
}

function refuse(code: number, message: string): Response {
  const status = { error: true, code, type: message.toLowerCase(), message };
  return Response.json({ status }, { status: code });
}

function named(name: string, index: number) {
  return { id: 100 + index, name, reference: null };
}

function user(username: string, index: number) {
  return {
    id: 1 + index,
    username,
    email: `${username}@acme.test`,
    firstname: "Some",
    lastname: "Body",
    external_id: null,
    status: 1,
    state: 1,
    group_id: index === 0 ? 100 : null,
    role_id: index === 0 ? [100, 101] : [],
    custom_attributes: { team: "core", empty: null },
    invalid_login_attempts: 0,
    manager_user_id: 77,
    locale_code: null,
    created_at: "2020-01-02T03:04:05.678Z",
    updated_at: "2025-01-02T03:04:05.678Z",
    last_login: "2025-12-24T12:00:00.000Z",
    password_changed_at: "2025-12-21T00:00:00.000Z",
    activated_at: null,
    locked_until: null,
  };
}
