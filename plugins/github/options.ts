import { z } from "zod";

/** What is collected beside that which is asked for by name. */
export const PARTS = [
  "members",
  "teams",
  "repos",
  "collaborators",
  "webhooks",
  "pull_requests",
] as const;
/** One of them. */
export type Part = typeof PARTS[number];

/** Parts that cost few calls; the others cost one or more for each repository. */
const USUAL_PARTS: readonly Part[] = ["members", "teams", "repos"];

const text = () => z.string().min(1).optional();
const NAME = "[A-Za-z0-9_.-]+";
const names = () =>
  z.array(z.string().regex(new RegExp(`^${NAME}$`), "must be names without spaces or slashes"))
    .default([]);
const parts = () => z.array(z.enum(PARTS)).default([]).meta({ placeholder: "PART" });

/** Options of the plugin; keys become flags `--github-…`, variables and file keys. */
export const options = z.object({
  access_token: text().describe("Access token: personal, fine-grained or of an app")
    .meta({ secret: true }),
  app_id: z.string().regex(/^[\w.]+$/, "must be the app's id or client id").optional()
    .describe("GitHub App to collect as, in place of a token"),
  app_private_key: text().describe("Private key of the app (PEM)").meta({ secret: true }),
  app_installation_id: z.string().regex(/^\d+$/, "must be a number").optional()
    .describe("Installation of the app to collect with"),
  base_url: z.url({ protocol: /^https?$/ }).default("https://api.github.com")
    .describe("Address of the API; https://HOST/api/v3 for GitHub Enterprise Server"),
  org: names().describe("Organisations to collect"),
  repo: z.array(
    z.string().regex(new RegExp(`^${NAME}/${NAME}$`), "must be repositories such as owner/name"),
  ).default([]).describe("Repositories to collect, as owner/name"),
  user: names().describe("Users to collect"),
  collect: parts().describe("Parts of organisations and repositories to collect")
    .meta({ defaultText: USUAL_PARTS.join(", ") }),
  no_collect: parts().describe("Parts to leave out"),
  pool_size: z.int().min(1).max(100).default(5).describe("Requests at once"),
  fork: z.boolean().default(false)
    .describe("Accepted; there is one account, so there is nothing to spread over guests"),
});

/** Validated options. */
export type GithubOptions = z.output<typeof options>;

/** The parts that these options ask for. */
export function wantedParts({ collect, no_collect }: GithubOptions): ReadonlySet<Part> {
  const wanted = new Set(collect.length === 0 ? USUAL_PARTS : collect);
  return wanted.difference(new Set(no_collect));
}
