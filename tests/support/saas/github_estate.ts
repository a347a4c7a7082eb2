import type { GithubEstate } from "./github_api.ts";

/** More than two pages of members. */
export const MANY: readonly string[] = Array.from({ length: 230 }, (_, n) => `member-${n}`);

/** Two organisations that share a member and a name of a repository. */
export const ESTATE: GithubEstate = {
  members: { acme: ["ada", "bob", ...MANY], other: ["ada", "bob"] },
  outsiders: { acme: ["oscar"], other: [] },
  repos: { acme: ["web", ".github"], other: [".github"] },
  teams: {
    acme: [
      { slug: "core", members: ["ada", ...MANY], repos: ["web"] },
      { slug: "night", members: ["bob"], repos: [], parent: "core" },
    ],
  },
  users: ["ada", "eve"],
  collaborators: { "acme/web": ["oscar", "ada"] },
};

/** Options that collect all of it. */
export const ALL = {
  access_token: "t0ken",
  org: ["acme", "other"],
  repo: ["acme/web", "eve/web"],
  user: ["ada", "eve"],
  collect: ["members", "teams", "repos", "collaborators", "webhooks", "pull_requests"],
} as const;
