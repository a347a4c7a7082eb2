import { userInfo } from "node:os";
import { join } from "node:path";
import { type Host, SERVER, writeHost } from "./host.ts";
import { type KeyKind, makeKey, sshdPath } from "./ssh_tools.ts";

/** How a server is started. */
export interface SshdSetup {
  /** Lines of `authorized_keys`. */
  readonly authorized: readonly string[];
  readonly host?: Host;
  /** Kinds of its own keys. */
  readonly hostKeys?: readonly KeyKind[];
  /** Further lines of its configuration. */
  readonly config?: readonly string[];
}

/** An OpenSSH server on a free port of loopback. */
export interface Sshd extends AsyncDisposable {
  readonly port: number;
  /** Public keys, as lines. */
  readonly hostKeys: readonly string[];
  /** Lines for a file of known hosts. */
  knownHosts(host?: string): string;
  /** Replaces the lines of `authorized_keys`. */
  authorize(lines: readonly string[]): Promise<void>;
  /** Becomes another machine. */
  become(host: Host): Promise<void>;
  /** Connections that were made so far, that are open now, and that were open at most. */
  readonly connections: { readonly made: number; readonly open: number; readonly most: number };
  /** Kills what serves the open connections. */
  kill(): void;
  /** Deals with connections in the server's place, from now on. */
  instead: ((connection: Deno.Conn) => Promise<void>) | undefined;
  /** Listens no more: connections are refused. */
  close(): void;
  /** What it logged. */
  log(): Promise<string>;
}

/** Login name: a server of a usual user lets in nobody else. */
export const LOGIN = userInfo().username;

/**
 * Starts an OpenSSH server. It listens here and gives each connection to a process of its own, as
 * inetd would, so that its port is free and it is ready at once.
 */
export async function startSshd(setup: SshdSetup): Promise<Sshd> {
  const folder = await Deno.makeTempDir({ prefix: "ckworker-sshd-" });
  // Where the server of a superuser keeps those apart who are not logged in.
  if (Deno.uid() === 0) await Deno.mkdir("/run/sshd", { recursive: true, mode: 0o755 });
  const kinds = setup.hostKeys ?? [{ type: "ed25519" }];
  const keys = await Promise.all(
    kinds.map((kind, number) => makeKey(join(folder, `host_key_${number}`), kind)),
  );
  const authorize = (lines: readonly string[]) =>
    Deno.writeTextFile(join(folder, "authorized_keys"), lines.join("\n") + "\n");
  await authorize(setup.authorized);
  const machine = join(folder, "machine");
  const run = await writeHost(machine, setup.host ?? SERVER);
  const config = configuration(folder, keys.map(({ path }) => path), run, setup.config ?? []);
  await Deno.writeTextFile(join(folder, "sshd_config"), config);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const server = new Served(folder, listener);
  const { port } = listener.addr;
  return {
    port,
    hostKeys: keys.map(({ line }) => line),
    knownHosts: (host = `[127.0.0.1]:${port}`) =>
      keys.map(({ line }) => `${host} ${line}\n`).join(""),
    authorize,
    become: async (host) => void await writeHost(machine, host),
    get connections() {
      return { made: server.made, open: server.open, most: server.most };
    },
    kill: () => server.kill(),
    get instead() {
      return server.instead;
    },
    set instead(handler) {
      server.instead = handler;
    },
    close: () => server.close(),
    log: () => Deno.readTextFile(join(folder, "log")).catch(() => ""),
    [Symbol.asyncDispose]: async () => {
      await server.end();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

function configuration(
  folder: string,
  keys: readonly string[],
  run: string,
  more: readonly string[],
): string {
  return [
    // The first of two lines counts.
    ...more,
    ...keys.map((path) => `HostKey ${path}`),
    `AuthorizedKeysFile ${join(folder, "authorized_keys")}`,
    `ForceCommand ${run}`,
    "PasswordAuthentication no",
    "KbdInteractiveAuthentication no",
    "PermitRootLogin yes",
    "UsePAM no",
    "StrictModes no",
    "PidFile none",
    "LogLevel VERBOSE",
  ].join("\n") + "\n";
}

/** The connections of one server, each with its process. */
class Served {
  readonly #folder: string;
  readonly #listener: Deno.Listener;
  readonly #serving: Promise<void>;
  readonly #children = new Set<Deno.ChildProcess>();
  readonly #connections = new Set<Deno.Conn>();
  #listens = true;
  made = 0;
  most = 0;
  instead: ((connection: Deno.Conn) => Promise<void>) | undefined;

  constructor(folder: string, listener: Deno.Listener) {
    this.#folder = folder;
    this.#listener = listener;
    this.#serving = this.#serve();
  }

  get open(): number {
    return this.#connections.size;
  }

  kill(): void {
    for (const child of this.#children) child.kill("SIGKILL");
  }

  close(): void {
    if (this.#listens) this.#listener.close();
    this.#listens = false;
  }

  async end(): Promise<void> {
    this.close();
    this.kill();
    for (const connection of this.#connections) close(connection);
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const all: Promise<void>[] = [];
    for await (const connection of this.#listener) {
      this.made++;
      this.#connections.add(connection);
      this.most = Math.max(this.most, this.open);
      const handler = this.instead ?? ((each) => this.#connect(each));
      const served = handler(connection).catch(() => {}).finally(() => {
        this.#connections.delete(connection);
        close(connection);
      });
      all.push(served);
    }
    await Promise.all(all);
  }

  async #connect(connection: Deno.Conn): Promise<void> {
    const child = new Deno.Command(sshdPath(), {
      args: ["-i", "-f", join(this.#folder, "sshd_config"), "-E", join(this.#folder, "log")],
      stdin: "piped",
      stdout: "piped",
      stderr: "null",
    }).spawn();
    this.#children.add(child);
    const ended = child.status.then(() => this.#children.delete(child));
    // Whoever ends first ends both ways.
    await Promise.allSettled([
      connection.readable.pipeTo(child.stdin),
      child.stdout.pipeTo(connection.writable),
    ]);
    await ended;
  }
}

/** Closes what may be closed already. */
function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch (error) {
    if (!(error instanceof Deno.errors.BadResource)) throw error;
  }
}
