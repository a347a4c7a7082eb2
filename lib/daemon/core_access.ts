import { type CollectCore, knownGraph, type ReplaceLimit } from "../collect/mod.ts";
import {
  type Core,
  createConnection,
  detectDialect,
  type DialectName,
  type HttpConnection,
  RemoteCore,
} from "../core/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { CoreTarget } from "../store/mod.ts";

/** A core, as the settings say how to reach it. */
export interface CoreSettings {
  readonly uri: string;
  /** Address of its websockets where that is another. */
  readonly wsUri?: string;
  readonly psk?: string;
  /** Undefined: the core is asked. */
  readonly dialect?: DialectName;
  /** PEM text. */
  readonly caCertificates?: string;
  readonly verify: boolean;
  /** Variables of proxies. */
  readonly env: Readonly<Record<string, string>>;
}

/** Names of the graph where no other is configured. */
const GRAPHS: Readonly<Record<DialectName, string>> = { ckcore: "ck", fixcore: "fix" };

/** The core of one worker: the way to it, and what can be asked of it. */
export class CoreAccess implements AsyncDisposable {
  readonly connection: HttpConnection;
  readonly #settings: CoreSettings;
  readonly #log: Logger;
  readonly #now: () => Date;

  /** @throws ConfigError when an address or certificate is not usable */
  constructor(settings: CoreSettings, log: Logger, now: () => Date) {
    this.#settings = settings;
    this.#log = log;
    this.#now = now;
    const { uri, wsUri, psk, caCertificates, verify, env } = settings;
    this.connection = createConnection({
      uri,
      ...(wsUri === undefined ? {} : { wsUri }),
      ...(psk === undefined ? {} : { psk }),
      ...(caCertificates === undefined ? {} : { caCertificates }),
      verify,
      env,
      now,
      log,
    });
  }

  /** Which generation answers. @throws CoreUnreachableError, CoreRejectedError */
  async dialect(signal: AbortSignal): Promise<DialectName> {
    return this.#settings.dialect ?? await detectDialect(this.connection, signal);
  }

  /** A graph of the core. @param name undefined: the one of its generation */
  graph(name: string | undefined, dialect: DialectName): CoreGraph {
    const graph = name ?? GRAPHS[dialect];
    const core = new RemoteCore({
      connection: this.connection,
      dialect,
      graph,
      log: this.#log,
      now: () => this.#now().getTime(),
    });
    return new CoreGraph(core, { uri: this.connection.uri, graph });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.connection[Symbol.asyncDispose]();
  }
}

/** One graph of a core, and its name in the store. */
export class CoreGraph {
  readonly core: Core;
  readonly target: CoreTarget;

  constructor(core: Core, target: CoreTarget) {
    this.core = core;
    this.target = target;
  }

  /** What a collection has to know of where its graph goes. */
  forCollect(replace: ReplaceLimit): CollectCore {
    return {
      target: this.target,
      replace,
      known: (cloud, signal) => knownGraph(this.core, cloud, signal),
    };
  }
}
