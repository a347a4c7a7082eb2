import { z } from "zod";
import collectors from "./catalog.json" with { type: "json" };
import { SERVICES } from "./services.ts";

/** Stands in `--gcp-collect` for all that is collected without it. */
export const DEFAULT = "default";

const list = () => z.array(z.string().min(1)).default([]);
const numbers = () => z.array(z.string().regex(/^\d+$/, "must be a number")).default([]);
const names = () => z.array(z.enum(collectors)).default([]);
const ENDPOINT = new RegExp(`^((?:${Object.keys(SERVICES).join("|")})=)?https?://\\S+$`);

/** Options of the plugin; keys become flags `--gcp-…`, variables and file keys. */
export const options = z.object({
  service_account: z.array(z.string()).default([])
    .describe(
      "Key files, their JSON text, or an empty text for the application default credentials",
    )
    .meta({ secret: true }),
  impersonate: z.email().optional()
    .describe("Service account to act as, for which the others may create tokens"),
  project: list().describe("Ids of the projects to collect").meta({ defaultText: "all" }),
  folder: numbers().describe("Numbers of folders: only the projects below them, however deep"),
  organization: numbers().describe("Numbers of organizations: only the projects below them"),
  collect: z.array(z.enum([DEFAULT, ...collectors])).default([])
    .describe("Collect these only, beside regions and zones; default stands for the usual ones")
    .meta({ placeholder: "NAME" }),
  no_collect: names().describe("Leave these out").meta({ placeholder: "NAME" }),
  project_pool_size: z.int().min(1).max(1_000).default(5).describe("Projects at once"),
  fork: z.boolean().default(false)
    .describe("Spread the projects over several guests, one per core"),
  endpoint_url: z.array(z.string().regex(ENDPOINT, "must be an address, or SERVICE=address"))
    .default([]).describe("Address in place of Google's, for all services or SERVICE=address"),
});

/** Validated options. */
export type GcpOptions = z.output<typeof options>;
