import { z } from "zod";
import { OUTCOMES } from "../model/mod.ts";
import { optionSet } from "./option.ts";
import { STEPS } from "./steps.ts";

const text = () => z.string().optional();
const flag = () => z.boolean().default(false);
const names = () => z.array(z.string()).default([]);

const GENERAL = { group: "General", everywhere: true };
const LOG = { group: "Output and logs", everywhere: true };
const RUN = { group: "Collecting" };
const STORE = { group: "Store" };
const UNDER_CORE = { group: "Under a core" };
const WEB = { group: "Web pages" };
/** Seconds; a timer that is set for longer rings at once. */
const LONGEST_TIMER = 2_147_483;
const CLEAN_UP = { group: "Clean-up" };
const SPAN = /^[1-9]\d{0,4}[mhdw]$/;

/**
 * Every option of the program itself, in the order of the original worker with ours behind. Flags,
 * variables, file keys, help, completions, `--machine-help` and docs/configuration.md come from it.
 */
const schema = z.object({
  help: flag().describe("Show this help").meta({ ...GENERAL, short: "h", flagOnly: true }),
  machine_help: flag().describe("List every flag, one a line").meta({
    ...GENERAL,
    flagOnly: true,
  }),
  once: flag().describe("Collect once into the store, print a summary, exit").meta(RUN),
  psk: text().describe("Pre-shared key of the core").meta({ ...UNDER_CORE, secret: true }),
  verbose: flag().describe("Log debug events; errors with context and stack").meta({
    ...LOG,
    short: "v",
  }),
  quiet: flag().describe("Log critical events only; no summary when all is well").meta(LOG),
  ignore_deferred_connections: flag().describe("Leave out edges that cross accounts").meta(RUN),
  fork: flag().describe(
    "Run collectors in child processes, so that one that dies costs only itself",
  )
    .meta(RUN),
  pool_size: z.int().min(1).max(1000).default(5).describe("Collectors at once").meta(RUN),
  cleanup: flag().describe("Allow clean-up to delete").meta(CLEAN_UP),
  cleanup_pool_size: z.int().min(1).max(1000).default(10).describe("Nodes cleaned up at once")
    .meta(CLEAN_UP),
  cleanup_dry_run: flag().describe("Say what clean-up would do, and change nothing").meta(CLEAN_UP),
  ckcore_uri: text().describe("Address of the core; with --once it is used only when given").meta({
    ...UNDER_CORE,
    placeholder: "URL",
    defaultText: "http://localhost:8900",
  }),
  ckcore_ws_uri: text().describe("Websocket address of the core").meta({
    ...UNDER_CORE,
    placeholder: "URL",
    defaultText: "that of --ckcore-uri",
  }),
  ckcore_graph: z.string().regex(/^[^_]+$/, "must not contain _").optional()
    .describe("Name of the graph at the core").meta({
      ...UNDER_CORE,
      placeholder: "NAME",
      defaultText: "ck, or fix at a fixcore",
    }),
  debug_dump_json: flag().describe("Write model.dump.json and graph.dump.json into this folder")
    .meta(RUN),
  ckcore_subscriber_id: z.string().default("worker").describe(
    "Prefix of our subscriber ids; every worker of a core needs its own",
  ).meta({ ...UNDER_CORE, placeholder: "NAME" }),
  web_path: z.string().startsWith("/", "must start with /").default("/")
    .describe("Path at which the web pages are served, besides /").meta(WEB),
  collector: names().describe("Collect with these collectors only").meta({
    ...RUN,
    placeholder: "NAME",
    defaultText: "every collector that finds configuration",
  }),
  event_timeout: z.int().min(1).default(900).describe(
    "Of the original worker; nothing here waits for its events",
  ).meta({ ...UNDER_CORE, inert: true }),
  timeout: z.int().min(1).max(LONGEST_TIMER).default(10_800).describe(
    "Longest run of a collector, seconds",
  ).meta(RUN),
  web_port: z.int().min(1).max(65_535).default(9956).describe("Port of the web pages").meta(WEB),
  web_host: z.string().default("::").describe("Address that the web pages listen on").meta({
    ...WEB,
    placeholder: "ADDRESS",
  }),
  version: flag().describe("Show the version").meta({ ...GENERAL, flagOnly: true }),
  config: text().describe("Read options from a YAML file; its keys are long flags without dashes")
    .meta({ ...GENERAL, placeholder: "FILE" }),
  plugin: names().describe("Load plugins from JavaScript files").meta({
    ...GENERAL,
    placeholder: "FILE",
  }),
  ca_cert: text().describe("Trust the certificates of this PEM file too").meta({
    ...RUN,
    placeholder: "FILE",
  }),
  output: z.enum(["text", "json"]).default("text").describe("Form of what a command prints")
    .meta(LOG),
  log_format: z.enum(["text", "json"]).default("text").describe("Form of log lines").meta(LOG),
  logfile: text().describe("Append log lines to a file too").meta({ ...LOG, placeholder: "FILE" }),
  accept: z.array(z.enum(OUTCOMES)).default([])
    .describe("Outcomes of scopes that leave the exit code at 0").meta(RUN),
  replace: z.enum(["auto", "account", "region"]).default("auto")
    .describe("Highest level that is replaced as a whole at a core").meta(UNDER_CORE),
  keep_sensitive: flag().describe("Store sensitive values as they are, not as hashes").meta(RUN),
  allow_helper: names().describe(
    "Credential helpers that may be run, sockets of SSH agents that may be asked",
  ).meta({
    ...RUN,
    placeholder: "PATH",
  }),
  store: text().describe("File of the store").meta({
    ...STORE,
    everywhere: true,
    placeholder: "FILE",
    defaultText: "$STATE_DIRECTORY/ckworker.db, else ./ckworker.db",
  }),
  wait: flag().describe("Wait for another run that holds the store").meta(STORE),
  resume: flag().describe("Take over what an interrupted run finished").meta(STORE),
  keep_history: z.string().regex(SPAN, "must be a span such as 90d, 12h or 8w")
    .default("90d").describe("How long changes are kept").meta({ ...STORE, placeholder: "SPAN" }),
  keep_runs: z.int().min(1).optional().describe("How many runs are kept").meta({
    ...STORE,
    defaultText: "all",
  }),
  core_dialect: z.enum(["auto", "ckcore", "fixcore"]).default("auto")
    .describe("Generation of the core: ckcore is 2.0, fixcore is 4.2").meta(UNDER_CORE),
  fixcore_uri: text().describe("Address of a core of the generation fixcore").meta({
    ...UNDER_CORE,
    placeholder: "URL",
  }),
  subscriber_id: z.string().default("fix.worker").describe(
    "Our id at a fixcore, and the name of our document of settings there",
  ).meta({ ...UNDER_CORE, placeholder: "NAME" }),
  override: z.array(
    z.string().regex(/^[\w-]+(\.[\w-]+)+=/, "must be of the form section.key=value"),
  ).default([])
    .describe("Settings that go before those of the document at a fixcore").meta({
      ...UNDER_CORE,
      placeholder: "SECTION.KEY=VALUE",
    }),
  no_verify_certs: flag().describe("Do not verify the core's certificate").meta(UNDER_CORE),
  tag_connections: z.int().min(1).max(1000).default(32).describe(
    "Connections to the core's queue of tag tasks",
  ).meta(UNDER_CORE),
  idle_timeout: z.int().min(1).max(LONGEST_TIMER).optional().describe(
    "End with exit code 1 when no collect comes within so many seconds of the start",
  ).meta({ ...UNDER_CORE, placeholder: "SECONDS", defaultText: "never" }),
  shutdown_timeout: z.int().min(1).max(LONGEST_TIMER).default(20).describe(
    "Longest wait for running work after a signal to stop, seconds",
  ).meta(UNDER_CORE),
  web_token: text().describe("Token that everything but /health asks for").meta({
    ...WEB,
    secret: true,
  }),
  cert: text().describe("Serve the web pages over TLS with the certificate of this PEM file").meta({
    ...WEB,
    placeholder: "FILE",
  }),
  cert_key: text().describe("Private key of --cert").meta({ ...WEB, placeholder: "FILE" }),
  cert_key_pass: text().describe("Passphrase of --cert-key").meta({ ...WEB, secret: true }),
  cleanup_accounts: names().describe("Accounts in which clean-up may delete").meta({
    ...CLEAN_UP,
    placeholder: "ID",
    defaultText: "all",
  }),
  cleanup_deny_accounts: names().describe("Accounts in which clean-up never deletes").meta({
    ...CLEAN_UP,
    placeholder: "ID",
  }),
  cleanup_max: z.string().regex(/^(\d{1,9}|\d{1,2}%|100%)$/, "must be a number or a percentage")
    .optional().describe(
      "Most nodes that clean-up deletes in one account; over it, it deletes none there",
    ).meta({
      ...CLEAN_UP,
      placeholder: "N|P%",
      defaultText: "10% of those that can be deleted, at least 20; none under a core",
    }),
  steps: z.array(z.enum(STEPS)).default([]).describe(
    "Do these steps of the workflow only, with --once",
  )
    .meta({
      ...RUN,
      defaultText: "collect, and what the action plugins and --cleanup ask for",
    }),
  max_age: z.string().regex(SPAN, "must be a span such as 24h, 30m or 2d").default("24h")
    .describe("Oldest look at a resource, and oldest plan, by which clean-up deletes").meta({
      ...CLEAN_UP,
      placeholder: "SPAN",
    }),
});

/** Validated options of the program itself. */
export type Settings = Readonly<z.output<typeof schema>>;

/** Schema and options of the program itself. */
export const CORE = { ...optionSet(schema, { group: "General" }), schema };
