import { CloudError } from "ckworker";
import { z } from "zod";
import type { Cluster, Helper, Source } from "../access/cluster.ts";
import { checkPair, type Pair } from "./certificate.ts";
import type { Clock } from "ckworker";

/** What shows who asks, at this moment. */
export interface Credentials {
  /** Value of the header. */
  readonly authorization?: string;
  /** Already checked. */
  readonly pair?: Pair;
}

/** Credentials and until when they serve. */
type Loaded = Credentials & { readonly until: number };

/** What credentials are made with. */
export interface CredentialTools {
  readonly clock: Clock;
  readFile(path: string): Promise<string>;
  helper(path: string, args: readonly string[]): Promise<string>;
}

/** A file may be renewed at any time; this is how long its text is taken for the last. */
const FILE_FOR_MS = 60_000;
/** Credentials of a helper are renewed this long before they end. */
const BEFORE_END_MS = 60_000;

/** Gets the credentials of one cluster and renews them before they end. */
export class CredentialSource {
  readonly #cluster: Cluster;
  readonly #tools: CredentialTools;
  #current: Promise<Loaded> | undefined;
  /** Until when {@link #current} serves; infinite while it is loaded. */
  #until = 0;

  constructor(cluster: Cluster, tools: CredentialTools) {
    this.#cluster = cluster;
    this.#tools = tools;
  }

  /** @throws CloudError when there are none that can be used */
  async current(): Promise<Credentials> {
    if (this.#current === undefined || this.#tools.clock.now() >= this.#until) this.#renew();
    return await this.#current ?? {};
  }

  /** These were refused: the next who asks gets new ones, unless somebody else got them already. */
  async refused(credentials: Credentials): Promise<void> {
    const current = this.#current;
    const known = await current?.catch(() => undefined);
    if (known === credentials && this.#current === current) this.#current = undefined;
  }

  #renew(): void {
    const loading = this.#load();
    this.#current = loading;
    this.#until = Infinity;
    loading.then(({ until }) => {
      if (this.#current === loading) this.#until = until;
    }, () => {
      if (this.#current === loading) this.#current = undefined;
    });
  }

  async #load(): Promise<Loaded> {
    const { user } = this.#cluster;
    const now = this.#tools.clock.now();
    const helped = user.helper === undefined ? {} : await this.#help(user.helper);
    const own = user.certificate === undefined ? undefined : checkPair({
      certificate: await this.#read(user.certificate.certificate),
      key: await this.#read(user.certificate.key),
    }, now);
    const pair = helped.pair ?? own;
    const authorization = helped.authorization ?? await this.#authorization();
    return {
      until: helped.until ?? now + FILE_FOR_MS,
      ...(pair === undefined ? {} : { pair }),
      ...(authorization === undefined ? {} : { authorization }),
    };
  }

  async #authorization(): Promise<string | undefined> {
    const { token, basic } = this.#cluster.user;
    if (token !== undefined) return bearer((await this.#read(token)).trim());
    if (basic === undefined) return undefined;
    const bytes = new TextEncoder().encode(`${basic.username}:${basic.password}`);
    return `Basic ${btoa(String.fromCharCode(...bytes))}`;
  }

  async #help({ command, args }: Helper): Promise<Credentials & { readonly until?: number }> {
    const { token, clientCertificateData, clientKeyData, expirationTimestamp } = readAnswer(
      command,
      await this.#tools.helper(command, args),
    );
    const now = this.#tools.clock.now();
    const end = expirationTimestamp === undefined ? Infinity : Date.parse(expirationTimestamp);
    const pair = clientCertificateData === undefined || clientKeyData === undefined
      ? undefined
      : checkPair({ certificate: clientCertificateData, key: clientKeyData }, now);
    return {
      ...(token === undefined ? {} : { authorization: bearer(token) }),
      ...(pair === undefined ? {} : { pair }),
      // One that is about to end serves for the next calls rather than being asked for at each.
      until: Number.isNaN(end) ? Infinity : Math.max(end - BEFORE_END_MS, now + 5_000),
    };
  }

  #read(source: Source): Promise<string> {
    return readSource(source, (path) => this.#tools.readFile(path));
  }
}

/**
 * The text of a source.
 * @throws CloudError when its file cannot be read
 */
export async function readSource(
  source: Source,
  readFile: (path: string) => Promise<string>,
): Promise<string> {
  if ("text" in source) return source.text;
  try {
    return await readFile(source.file);
  } catch (cause) {
    throw new CloudError("no_credentials", `${source.file} cannot be read`, {
      context: { plugin: "k8s", subject: source.file },
      cause,
    });
  }
}

const answerSchema = z.object({
  kind: z.literal("ExecCredential"),
  status: z.object({
    token: z.string().min(1).optional(),
    clientCertificateData: z.string().optional(),
    clientKeyData: z.string().optional(),
    expirationTimestamp: z.string().nullish().transform((text) => text ?? undefined),
  }),
});

function readAnswer(command: string, output: string): z.infer<typeof answerSchema>["status"] {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    value = undefined;
  }
  const answer = answerSchema.safeParse(value);
  if (answer.success) return answer.data.status;
  // What it printed may hold secrets and stays unsaid.
  throw new CloudError("no_credentials", `the helper ${command} printed no ExecCredential`, {
    context: { plugin: "k8s", subject: command },
    hint: "Run it by hand; it may want a variable such as KUBERNETES_EXEC_INFO in the environment",
  });
}

function bearer(token: string): string {
  if (/^[\x21-\x7e]+$/.test(token)) return `Bearer ${token}`;
  throw new CloudError("no_credentials", "the bearer token is empty or no token", {
    hint: "It must be one line without blanks",
  });
}
