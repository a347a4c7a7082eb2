import { z } from "zod";
import { parseServer, type Place, type Server, SYNTAX } from "./access/server.ts";

const name = () => z.string().trim().regex(/^[^\p{Cc}]+$/u, "must be a name");
const paths = () => z.array(z.string().min(1)).default([]);

/** Options of the plugin; keys become flags `--onprem-…`, variables and file keys. */
export const options = z.object({
  location: name().default("Default location").describe("Location of servers that name none"),
  region: name().default("Default region").describe("Region of servers that name none"),
  server: z.array(z.string()).default([]).describe(`Servers: ${SYNTAX}`)
    .meta({ placeholder: "SERVER" }),
  ssh_user: z.string().regex(/^[^\s\p{Cc}]+$/u, "must be a login name").default("root")
    .describe("Login name at servers that name none"),
  ssh_key: z.string().min(1).optional().describe("Path of the private key to log in with")
    .meta({ defaultText: "~/.ssh/id_ed25519, id_ecdsa, id_rsa" }),
  ssh_key_pass: z.string().min(1).optional().describe("Passphrase of that key")
    .meta({ secret: true }),
  known_hosts: paths().describe("Files with the keys of the hosts")
    .meta({ defaultText: "~/.ssh/known_hosts, /etc/ssh/ssh_known_hosts" }),
  accept_unknown_hosts: z.boolean().default(false).describe(
    "Log in to hosts whose key is not known, too; they may be somebody else's",
  ),
  pool_size: z.int().min(1).max(1_000).default(5).describe("Servers at once"),
  fork: z.boolean().default(false).describe(
    "Spread the servers over several guests, one per core",
  ),
}).superRefine((given, context) => {
  const known = new Set<string>();
  for (const [index, text] of given.server.entries()) {
    const server = parseServer(text);
    const fault = typeof server === "string" ? server : findTwin(server, given, known);
    if (fault === undefined) continue;
    const message = `server "${text}" ${fault}; servers are ${SYNTAX}`;
    context.addIssue({ code: "custom", path: ["server", index], message });
  }
});

/** Validated options. */
export type OnpremOptions = z.output<typeof options>;

/** The servers of validated options. */
export function serversOf({ server }: Pick<OnpremOptions, "server">): readonly Server[] {
  return server.map(parseServer).filter((each) => typeof each !== "string");
}

/** Where a server stands, with the defaults of the options. */
export function placeOf(
  { place }: Server,
  { location, region }: Pick<OnpremOptions, "location" | "region">,
): Place {
  return place ?? { location, region };
}

/** A host is known by its name in its region: a second one there would be the same node. */
function findTwin(
  server: Server,
  defaults: Pick<OnpremOptions, "location" | "region">,
  known: Set<string>,
): string | undefined {
  const { location, region } = placeOf(server, defaults);
  const key = JSON.stringify([location, region, server.host.toLowerCase()]);
  if (known.has(key)) {
    return `names ${server.host} twice in ${
      region === undefined ? location : `${location}%${region}`
    }`;
  }
  known.add(key);
  return undefined;
}
