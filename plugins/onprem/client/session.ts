// @ts-types="./ssh2.d.ts"
import { Client, type ConnectConfig } from "ssh2";
import { addressOf } from "../access/server.ts";
import { explain } from "./explain.ts";
import { type SshCall, sshFault } from "./fault.ts";
import type { Machine } from "./machine.ts";
import { Output, type Outputs } from "./output.ts";
import type { Visit } from "./visit.ts";

/** What this runtime can do, the best first: no GCM, no ChaCha20, no finite fields. */
const ALGORITHMS = {
  kex: [
    "curve25519-sha256",
    "curve25519-sha256@libssh.org",
    "ecdh-sha2-nistp256",
    "ecdh-sha2-nistp384",
  ],
  cipher: ["aes128-ctr", "aes192-ctr", "aes256-ctr"],
  hmac: [
    "hmac-sha2-256-etm@openssh.com",
    "hmac-sha2-512-etm@openssh.com",
    "hmac-sha2-256",
    "hmac-sha2-512",
  ],
  compress: ["none"],
} as const;

/**
 * Logs in to a host, runs one command and leaves. The connection is closed when it returns, however.
 * @throws CallFault for everything that goes wrong with the host
 * @throws the signal's reason when it is aborted
 */
export async function runOn(
  visit: Visit,
  command: string,
  machine: Machine,
  signal: AbortSignal,
): Promise<Outputs> {
  signal.throwIfAborted();
  const { refused } = visit.expected;
  if (refused !== undefined) throw sshFault("ssh:Connect", refused.code, refused.message);
  using session = new Session(visit, machine, signal);
  return await session.run(command);
}

/** One connection, from the first byte to the last. */
class Session implements Disposable {
  readonly #client = new Client();
  readonly #visit: Visit;
  readonly #machine: Machine;
  readonly #signal: AbortSignal;
  readonly #end = Promise.withResolvers<Outputs>();
  #step: SshCall = "ssh:Connect";
  #timer = new AbortController();
  #agentFault: string | undefined;

  constructor(visit: Visit, machine: Machine, signal: AbortSignal) {
    this.#visit = visit;
    this.#machine = machine;
    this.#signal = signal;
  }

  run(command: string): Promise<Outputs> {
    this.#limit(this.#machine.loginMs, "did not let us in");
    this.#client
      .on("ready", () => this.#execute(command))
      .on("error", (error) => this.#failed(error))
      .on("close", () => this.#fail("Cut", "closed the connection"));
    try {
      this.#client.connect(this.#config());
    } catch (error) {
      this.#failed(error);
    }
    return this.#end.promise;
  }

  [Symbol.dispose](): void {
    this.#timer.abort();
    this.#client.destroy();
  }

  #config(): ConnectConfig {
    const { server, user, ways, expected } = this.#visit;
    return {
      host: server.host,
      port: server.port,
      username: user,
      authHandler: ways.map(({ method }) => method),
      // Its own timer knows no clock but the machine's.
      readyTimeout: 0,
      ident: "ckworker",
      algorithms: { ...ALGORITHMS, serverHostKey: expected.algorithms },
      hostVerifier: (key) => this.#verify(key),
    };
  }

  #verify(key: Uint8Array): boolean {
    const { expected, acceptUnknown, onAccepted } = this.#visit;
    const fault = expected.judge(key);
    if (fault?.code === "UnknownHostKey" && acceptUnknown) onAccepted(fault.message);
    else if (fault !== undefined) {
      this.#end.reject(sshFault("ssh:Connect", fault.code, fault.message));
      return false;
    }
    // Keys are exchanged anew now and then.
    if (this.#step === "ssh:Connect") this.#step = "ssh:Login";
    return true;
  }

  #execute(command: string): void {
    this.#step = "ssh:ReadFacts";
    this.#limit(this.#machine.commandMs, "did not end the command");
    this.#client.exec(command, (error, channel) => {
      if (error !== undefined) return this.#failed(error);
      const output = new Output(() => this.#fail("TooMuch", "sends more than it was asked for"));
      channel.on("error", (fault) => this.#failed(fault));
      channel.on("data", (part) => output.add("stdout", part));
      channel.stderr.on("data", (part) => output.add("stderr", part));
      channel.on("exit", (code) => output.exit(code));
      channel.on("close", () => {
        const outputs = output.take();
        if (outputs === undefined) this.#fail("Cut", "closed the connection within the command");
        else this.#end.resolve(outputs);
      });
      channel.end();
    });
  }

  /** From now on the present step may take so long. */
  #limit(ms: number, what: string): void {
    this.#timer.abort();
    this.#timer = new AbortController();
    const signal = AbortSignal.any([this.#signal, this.#timer.signal]);
    this.#machine.clock.sleep(ms, signal).then(
      () => this.#fail("Timeout", `${what} within ${ms / 1_000} s`),
      () => this.#signal.aborted && this.#end.reject(this.#signal.reason),
    );
  }

  /** An agent that fails costs its own keys: others are tried next. */
  #failed(error: unknown): void {
    if (Reflect.get(Object(error), "level") === "agent") this.#agentFault = String(error);
    else this.#end.reject(explain(error, this.#step, this.#visit, this.#agentFault));
  }

  #fail(code: string, what: string): void {
    this.#end.reject(sshFault(this.#step, code, `${addressOf(this.#visit.server)} ${what}`));
  }
}
