import { parse, YAMLParseError } from "yaml";
import { z } from "zod";

const text = z.string();
const clusterSchema = z.object({
  server: text.default(""),
  "certificate-authority": text.optional(),
  "certificate-authority-data": text.optional(),
  "insecure-skip-tls-verify": z.boolean().optional(),
  "tls-server-name": text.optional(),
  "proxy-url": text.optional(),
});
const userSchema = z.object({
  token: text.optional(),
  tokenFile: text.optional(),
  username: text.optional(),
  password: text.optional(),
  "client-certificate": text.optional(),
  "client-certificate-data": text.optional(),
  "client-key": text.optional(),
  "client-key-data": text.optional(),
  exec: z.object({
    command: text,
    args: z.array(text).nullish(),
    env: z.array(z.object({ name: text, value: text })).nullish(),
  }).optional(),
  "auth-provider": z.object({ name: text.default("") }).optional(),
  as: text.optional(),
});
const contextSchema = z.object({
  cluster: text.default(""),
  user: text.default(""),
  namespace: text.optional(),
});
const named = <Key extends string, Schema extends z.ZodType>(key: Key, schema: Schema) =>
  z.array(z.object({ name: text }).and(z.object({ [key]: schema }))).nullish();
const fileSchema = z.object({
  "current-context": text.nullish(),
  clusters: named("cluster", clusterSchema),
  users: named("user", userSchema),
  contexts: named("context", contextSchema),
});

type InFile<Value> = Value & { readonly folder: string };

/** A cluster of a kubeconfig and the folder that its paths start from. */
export type ConfiguredCluster = InFile<z.infer<typeof clusterSchema>>;
/** A user, the same. */
export type ConfiguredUser = InFile<z.infer<typeof userSchema>>;
/** Which user goes to which cluster. */
export type ConfiguredContext = z.infer<typeof contextSchema>;

/** One or several kubeconfig files as one. */
export interface Kubeconfig {
  readonly current: string | undefined;
  readonly clusters: ReadonlyMap<string, ConfiguredCluster>;
  readonly users: ReadonlyMap<string, ConfiguredUser>;
  readonly contexts: ReadonlyMap<string, ConfiguredContext>;
  /** What could not be read; never holds what stands in a file. */
  readonly problems: readonly string[];
}

/**
 * Merges kubeconfig files as `kubectl` does: of one name the first counts, and so does the first
 * current context.
 * @param files texts by path, in the order of the variable
 */
export function readKubeconfig(
  files: readonly (readonly [path: string, text: string])[],
): Kubeconfig {
  const clusters = new Map<string, ConfiguredCluster>();
  const users = new Map<string, ConfiguredUser>();
  const contexts = new Map<string, ConfiguredContext>();
  const problems: string[] = [];
  let current: string | undefined;
  for (const [path, content] of files) {
    const parsed = parseFile(content);
    if (typeof parsed === "string") {
      problems.push(`${path} is no usable kubeconfig: ${parsed}`);
      continue;
    }
    const folder = folderOf(path);
    for (const { name, cluster } of parsed.clusters ?? []) {
      add(clusters, name, { ...cluster, folder });
    }
    for (const { name, user } of parsed.users ?? []) add(users, name, { ...user, folder });
    for (const { name, context } of parsed.contexts ?? []) add(contexts, name, context);
    current ??= parsed["current-context"] || undefined;
  }
  return { current, clusters, users, contexts, problems };
}

/** A path of a kubeconfig: one that is not absolute starts at its folder. */
export function inFolder(folder: string, path: string): string {
  return path.startsWith("/")
    ? path
    : `${folder === "/" ? "" : folder}/${path.replace(/^\.\//, "")}`;
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : path.slice(0, slash) || "/";
}

function add<Value>(values: Map<string, Value>, name: string, value: Value): void {
  if (!values.has(name)) values.set(name, value);
}

function parseFile(content: string): z.infer<typeof fileSchema> | string {
  let value: unknown;
  try {
    value = parse(content) ?? {};
  } catch (error) {
    if (!(error instanceof YAMLParseError)) throw error;
    // The parser's message quotes the file, which holds secrets.
    return "it is no YAML";
  }
  const parsed = fileSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join(".")} has the wrong form`;
}
