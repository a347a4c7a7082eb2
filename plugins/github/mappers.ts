import { isRecord, KindIndex, modelSchema, type RawRecord, read, RecordMapper } from "ckworker";
import model from "./model.json" with { type: "json" };

/** Where times of most things come from. */
const TIMES = { ctime: "created_at", mtime: "updated_at" } as const;

/** One mapper for each kind that is made of records. */
export interface Mappers {
  readonly org: RecordMapper;
  readonly user: RecordMapper;
  /** A repository that was asked for by name: its id is its name. */
  readonly namedRepo: RecordMapper;
  /** A repository with its full name as id. */
  readonly repo: RecordMapper;
  readonly team: RecordMapper;
  readonly webhook: RecordMapper;
  readonly pullRequest: RecordMapper;
}

/** Makes the mappers from the plugin's model. */
export function createMappers(): Mappers {
  const kinds = new KindIndex(modelSchema.parse(model).kinds);
  const repo = {
    kind: "github_repo",
    name: "name",
    from: { ...TIMES, repo_id: "id" },
  };
  return {
    org: new RecordMapper(kinds, {
      kind: "github_org",
      id: "login",
      name: (org) => org["login"] ?? org["id"],
      from: { ...TIMES, org_id: "id", org_location: "location", org_type: "type" },
    }),
    user: new RecordMapper(kinds, {
      kind: "github_user",
      id: "login",
      from: {
        ...TIMES,
        user_id: "id",
        // The number: the model's property is one, and the API's own node id is a text.
        node_id: "id",
        user_location: "location",
        user_type: "type",
      },
    }),
    namedRepo: new RecordMapper(kinds, { ...repo, id: "name" }),
    repo: new RecordMapper(kinds, { ...repo, id: "full_name" }),
    team: new RecordMapper(kinds, {
      kind: "github_team",
      id: "id",
      name: "name",
      from: prefixed("team", ["slug", "privacy", "notification_setting", "permission"]),
    }),
    webhook: new RecordMapper(kinds, {
      kind: "github_webhook",
      id: "id",
      name: hookHost,
      from: {
        ...TIMES,
        ...prefixed("hook", ["type", "active", "events"]),
        hook_host: hookHost,
        hook_content_type: "config.content_type",
        hook_insecure_ssl: (hook) => isInsecure(read(hook, "config.insecure_ssl")),
        hook_last_code: "last_response.code",
      },
    }),
    pullRequest: new RecordMapper(kinds, {
      kind: "github_pull_request",
      id: "id",
      name: "title",
      from: {
        ...TIMES,
        ...prefixed("pull", ["number", "title", "state", "draft", "locked"]),
        pull_author: "user.login",
        pull_head_ref: "head.ref",
        pull_head_repo: "head.repo.full_name",
        pull_head_sha: "head.sha",
        pull_base_ref: "base.ref",
        pull_labels: (pull) => members(pull, "labels", "name"),
        pull_assignees: (pull) => members(pull, "assignees", "login"),
        pull_requested_reviewers: (pull) => members(pull, "requested_reviewers", "login"),
        pull_milestone: "milestone.title",
        pull_auto_merge: (pull) => isRecord(pull["auto_merge"]),
      },
    }),
  };
}

/** Members that stand in the model with a prefix. */
function prefixed(prefix: string, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [`${prefix}_${name}`, name]));
}

/** Host of a webhook; undefined for one without an address. */
function hookHost(hook: RawRecord): string | undefined {
  const address = read(hook, "config.url");
  return typeof address === "string" ? URL.parse(address)?.host : undefined;
}

/** The API says it as text or as number. */
function isInsecure(value: unknown): boolean | undefined {
  return value === undefined || value === null ? undefined : String(value) === "1";
}

/** One member of each part of a list. */
function members(record: RawRecord, list: string, member: string): readonly unknown[] | undefined {
  const parts = record[list];
  if (!Array.isArray(parts)) return undefined;
  return parts.filter((part) => isRecord(part)).map((part) => part[member]);
}
