/** The part of the package ssh2 that this plugin uses. */
import type { Buffer } from "node:buffer";
import type { Duplex } from "node:stream";

/** A private key, or a public one of an agent. */
export interface ParsedKey {
  readonly type: string;
  readonly comment: string;
  sign(data: Uint8Array, hash?: string): Buffer | Error;
  getPublicSSH(): Buffer;
  getPrivatePEM(): string;
}

/** One way to log in; they are tried in their order. */
export type AuthMethod =
  | { readonly type: "publickey"; readonly username: string; readonly key: ParsedKey }
  | { readonly type: "agent"; readonly username: string; readonly agent: OpenSSHAgent };

export interface ConnectConfig {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly authHandler: AuthMethod[];
  readonly readyTimeout: number;
  readonly ident: string;
  readonly algorithms: Readonly<
    Record<"kex" | "cipher" | "hmac" | "compress" | "serverHostKey", readonly string[]>
  >;
  readonly hostVerifier: (key: Uint8Array) => boolean;
}

export interface Channel extends Duplex {
  readonly stderr: Duplex;
}

export declare class Client {
  on(event: "ready" | "close", listener: () => void): this;
  on(event: "error", listener: (error: unknown) => void): this;
  connect(config: ConnectConfig): this;
  exec(command: string, callback: (error: Error | undefined, channel: Channel) => void): void;
  destroy(): void;
}

/** Speaks with an agent over the stream that `getStream` gives. */
export declare class OpenSSHAgent {
  constructor(socketPath: string);
  getStream(callback: (error: Error | null, stream?: Duplex) => void): void;
  getIdentities(callback: (error: Error | null | undefined, keys?: ParsedKey[]) => void): void;
}

export declare const utils: {
  parseKey(data: string, passphrase?: string): ParsedKey | ParsedKey[] | Error;
};
