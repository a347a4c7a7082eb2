import { KindIndex } from "../../lib/model/mod.ts";
import { startChanger } from "../../lib/sandbox/mod.ts";
import { TagTasks } from "../../lib/tags/mod.ts";
import { systemClock } from "../../lib/sdk/mod.ts";
import { AWS } from "./aws_collect.ts";
import type { Reported } from "./aws_store.ts";
import { silentLogger } from "./silent_logger.ts";

/** Program whose AWS guests live a hundred times faster. */
export const FAST = new URL("./fast_aws/main.ts", import.meta.url).href;

/** Limits of the tests' tag tasks; a task may take 20 s. */
const LIMITS = { concurrency: 20, waiting: 100, taskMs: 20_000 };

/**
 * Tag tasks through a real guest of the AWS plugin with these options, on top of static keys and the
 * endpoint. Its clock goes a hundred times faster.
 */
export function awsTagTasks(
  endpoint: string,
  options: Readonly<Record<string, unknown>> = {},
  limits: Partial<typeof LIMITS> = {},
): TagTasks {
  const all = AWS.manifest.options.parse({
    access_key_id: "testing",
    secret_access_key: "testing",
    endpoint_url: endpoint,
    ...options,
  });
  return new TagTasks({
    plugins: [{ entry: AWS, options: all, seen: { env: {}, files: {} } }],
    kinds: new KindIndex(AWS.model.kinds),
    ports: { startChanger },
    settings: {
      fork: false,
      base: FAST,
      allowHelpers: [],
      idleMs: 60_000,
      log: silentLogger,
    },
    limits: { ...LIMITS, ...limits },
    clock: { now: () => new Date(), sleep: systemClock.sleep },
  });
}

/** A node of a store, given by its text there and its properties. */
export interface StoredNode {
  readonly account: string;
  readonly region: string;
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly reported: Reported;
}

/** The nodes of an account by kind. */
export function nodesByKind(
  stored: ReadonlyMap<string, Reported>,
  of: string,
): ReadonlyMap<string, readonly StoredNode[]> {
  const nodes = [...stored].flatMap(([text, reported]) => {
    const [account = "", region = "", kind = "", id = "", ...name] = text.split(" ");
    return account === of ? [{ account, region, kind, id, name: name.join(" "), reported }] : [];
  });
  return Map.groupBy(nodes, ({ kind }) => kind);
}

/** The node as a core of the older generation puts it into a task. */
export function taskNode(
  { account, region, kind, id, name, reported }: StoredNode,
  role?: string,
) {
  const lies = (kind: string, id: string, more = {}) => ({ kind, id, name: id, ...more });
  return {
    id: `id of ${id}`,
    reported: {
      ...reported,
      kind,
      id,
      name,
      cloud: lies("cloud", "aws"),
      account: lies("aws_account", account, role === undefined ? {} : { role }),
      region: lies("aws_region", region),
      zone: null,
    },
    metadata: { python_type: "x.Y", protected: false },
  };
}

/** Tags of a node or of an answer. */
export function tagsOf(reported: unknown): Readonly<Record<string, unknown>> {
  return { ...Object(Reflect.get(Object(reported), "tags")) };
}
