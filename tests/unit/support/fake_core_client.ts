import { createHmac, pbkdf2Sync, randomBytes } from "node:crypto";
import { Buffer } from "node:buffer";
import type { CoreDialect } from "../../support/fake_core.ts";

const string = (name: string) => ({ name, kind: "string", required: false, description: "" });
const kind = (fqn: string, bases: string[], properties: Record<string, string>) => ({
  fqn,
  bases,
  properties: Object.entries(properties)
    .map(([name, type]) => ({ name, kind: type, required: false, description: "" })),
});

/** A small model: places, and disks in them. */
export const KINDS: readonly Record<string, unknown>[] = [
  {
    fqn: "resource",
    bases: [],
    properties: [
      string("id"),
      string("name"),
      { name: "tags", kind: "dictionary[string, string]", required: false, description: "" },
      { name: "ctime", kind: "datetime", required: false, description: "" },
      {
        name: "age",
        kind: "trafo.duration_to_datetime",
        required: false,
        description: "",
        synthetic: { path: ["ctime"] },
      },
      { name: "kind", kind: "string", required: true, description: "" },
    ],
  },
  ...["cloud", "account", "region", "zone"].map((fqn) => kind(fqn, ["resource"], {})),
  kind("disk", ["resource"], {
    disk_size: "int64",
    disk_encrypted: "boolean",
    disk_ratio: "double",
    disk_day: "date",
    disk_labels: "string[]",
    disk_part: "disk_part",
  }),
  { ...kind("disk_part", [], { part_label: "string" }), aggregate_root: false },
];

/** A node line in the form of a generation. */
export function node(
  dialect: CoreDialect,
  id: string,
  kind: string,
  reported: Record<string, unknown> = {},
  rest: { replace?: true; desired?: unknown; metadata?: Record<string, unknown> } = {},
): Record<string, unknown> {
  const { replace, metadata = {}, ...others } = rest;
  const base = dialect === "ckcore"
    ? { python_type: "x.X", cleaned: false, phantom: false, protected: false }
    : { python_type: "x.X", categories: [], ...(replace ? { replace } : {}) };
  return {
    id,
    reported: { kind, id, name: id, ...reported },
    metadata: { ...base, ...metadata },
    ...others,
    ...(replace && dialect === "ckcore" ? { replace } : {}),
  };
}

/** A good upload: two accounts with a region and two disks each, replaced at the cloud. */
export function sky(dialect: CoreDialect): readonly Record<string, unknown>[] {
  const accounts = ["a", "b"];
  return [
    node(dialect, "top", "graph_root", { tags: {} }),
    node(dialect, "sky", "cloud", {}, { replace: true }),
    ...accounts.flatMap((account) => [
      node(dialect, account, "account"),
      node(dialect, `${account}-r`, "region"),
      node(dialect, `${account}-1`, "disk", { disk_size: 1, tags: { owner: "x" } }),
      node(dialect, `${account}-2`, "disk", { ctime: "2021-12-01T10:00:00+02:00" }),
    ]),
    { from: "top", to: "sky" },
    ...accounts.flatMap((account) => [
      { from: "sky", to: account },
      { from: account, to: `${account}-r` },
      { from: `${account}-r`, to: `${account}-1` },
      { from: `${account}-r`, to: `${account}-2` },
    ]),
  ];
}

export function lines(documents: readonly unknown[]): string {
  return documents.map((each) => `${JSON.stringify(each)}\n`).join("");
}

/** Where a core is and what it speaks. */
export interface CoreAddress {
  readonly dialect: CoreDialect;
  readonly url: string;
  readonly wsUrl: string;
}

/** Calls a core like a worker does. */
export class Client {
  readonly core: CoreAddress;
  readonly #psk: string | undefined;

  constructor(core: CoreAddress, psk?: string) {
    this.core = core;
    this.#psk = psk;
  }

  get graph(): string {
    return this.core.dialect === "ckcore" ? "ck" : "fix";
  }

  /** @returns status and text of the answer */
  async call(
    method: string,
    path: string,
    body?: string | ReadableStream<Uint8Array>,
    headers: Record<string, string> = {},
  ): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
    const answer = await fetch(`${this.core.url}${path}`, {
      method,
      headers: { ...this.#authorization(), ...headers },
      ...(body === undefined ? {} : { body }),
      redirect: "manual",
    });
    return { status: answer.status, text: await answer.text(), headers: answer.headers };
  }

  /** Makes the graph and tells the model. */
  async prepare(kinds: readonly unknown[] = KINDS): Promise<void> {
    await this.call("POST", `/graph/${this.graph}`, "");
    const [method, path] = this.core.dialect === "ckcore"
      ? ["PATCH", "/model"] as const
      : ["PUT", `/graph/${this.graph}/model`] as const;
    const { status, text } = await this.call(method, path, JSON.stringify(kinds));
    if (status !== 200) throw new Error(text);
  }

  /** Sends an upload with the right counts. */
  async merge(
    documents: readonly Record<string, unknown>[],
    headers: Record<string, string> = {},
    query = "",
  ) {
    const names = this.core.dialect === "ckcore" ? "Cloudkeeper-Ckworker" : "Fix-Worker";
    const nodes = documents.filter((each) => "reported" in each && "id" in each).length;
    const edges = documents.filter((each) => "from" in each).length;
    return await this.call("POST", `/graph/${this.graph}/merge${query}`, lines(documents), {
      "content-type": "application/x-ndjson",
      [`${names}-Nodes`]: String(nodes),
      [`${names}-Edges`]: String(edges),
      ...headers,
    });
  }

  async subscribe(id: string, ...actions: string[]): Promise<void> {
    for (const action of actions) {
      await this.call("POST", `/subscriber/${id}/${action}?timeout=60&wait_for_completion=True`);
    }
  }

  /** Opens a socket. @throws Error when the core refuses the handshake */
  async open(path: string): Promise<Socket> {
    const raw = new WebSocket(`${this.core.wsUrl}${path}`, { headers: this.#authorization() });
    const socket = new Socket(raw);
    await socket.opened;
    return socket;
  }

  #authorization(): Record<string, string> {
    return this.#psk === undefined ? {} : { authorization: `Bearer ${token(this.#psk)}` };
  }
}

/** A client's end of a socket, with what came over it. */
export class Socket implements AsyncDisposable {
  readonly opened: Promise<void>;
  readonly closed: Promise<{ readonly code: number; readonly clean: boolean }>;
  readonly #raw: WebSocket;
  readonly #arrived: Record<string, Record<string, unknown>>[] = [];
  #tell = () => {};

  constructor(raw: WebSocket) {
    this.#raw = raw;
    const closed = Promise.withResolvers<{ code: number; clean: boolean }>();
    this.closed = closed.promise;
    this.opened = new Promise((resolve, reject) => {
      raw.onopen = () => resolve();
      raw.onerror = (event) => reject(new Error("message" in event ? String(event.message) : ""));
      raw.onclose = ({ code, wasClean }) => closed.resolve({ code, clean: wasClean });
    });
    raw.onmessage = ({ data }) => {
      this.#arrived.push(JSON.parse(data));
      this.#tell();
    };
  }

  /** The next message. */
  async next(): Promise<Record<string, Record<string, unknown>>> {
    for (;;) {
      const message = this.#arrived.shift();
      if (message !== undefined) return message;
      await new Promise<void>((resolve) => {
        this.#tell = resolve;
      });
    }
  }

  send(message: unknown): void {
    this.#raw.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#raw.readyState <= WebSocket.OPEN) this.#raw.close();
    await this.closed;
  }
}

/** A token as a worker makes it. */
export function token(
  psk: string,
  claims: unknown = { exp: Math.floor(Date.now() / 1000) + 300 },
): string {
  const salt = randomBytes(16);
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const head = encode({ alg: "HS256", salt: salt.toString("base64"), typ: "JWT" });
  const signed = `${head}.${encode(claims)}`;
  const key = pbkdf2Sync(psk, salt, 100_000, 32, "sha256");
  return `${signed}.${createHmac("sha256", key).update(signed).digest("base64url")}`;
}
