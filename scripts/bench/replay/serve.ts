/**
 * Replays a recorded AWS estate for many accounts and regions.
 *
 *     deno run -A scripts/bench/replay/serve.ts --recording estate.json --accounts 10 \
 *       --regions us-east-1,eu-west-1 --latency 50 --port 5600
 *
 * Account 0 is the recorded one and the management account; AssumeRole leads into the others.
 * `GET /__stats` gives calls, most in flight, bytes and calls per operation; `POST /__reset`
 * forgets them.
 */
import { parseArgs } from "node:util";
import {
  type AwsCall,
  emptyAnswer,
  errorAnswer,
  identifyCall,
  type WireAnswer,
} from "../../../tests/support/aws_wire.ts";
import { callKey, readRecording, type RecordedCall, type Recording } from "./recording.ts";
import { fromPlace, type Place, toPlace } from "./template.ts";

/** How large an estate is served and how slowly. */
export interface ReplayOptions {
  readonly recording: Recording;
  /** Number of accounts, 1. */
  readonly accounts?: number;
  readonly regions: readonly string[];
  /** Milliseconds that each answer waits, 0. */
  readonly latency?: number;
  /** What an operation gives that was not recorded; `empty` by default. */
  readonly unknown?: "empty" | "denied";
  readonly port?: number;
}

/** Figures since the start or the last reset. */
export interface ReplayStats {
  readonly calls: number;
  readonly maxInFlight: number;
  /** Milliseconds from the arrival of the first call to the last answer. */
  readonly spanMs: number;
  /** Bytes of answer bodies. */
  readonly bytes: number;
  /** Calls by `service:operation`; an unrecorded one ends in ` (unknown)`. */
  readonly operations: Readonly<Record<string, number>>;
}

/** Services whose nodes have no region of their own. */
const GLOBAL = new Set(["iam", "sts", "s3", "organizations"]);
/** Access keys of assumed roles name their account, so that nothing has to be remembered. */
const KEY_PREFIX = "ASIA";

/** Starts a replay server on loopback. */
export function startReplay(options: ReplayOptions): ReplayServer {
  return new ReplayServer(options);
}

/** A running replay server. */
export class ReplayServer implements AsyncDisposable {
  readonly url: string;
  /** All account ids, the recorded one first. */
  readonly accounts: readonly string[];
  readonly #options: ReplayOptions;
  readonly #recorded: ReadonlyMap<string, RecordedCall>;
  readonly #rendered = new Map<string, WireAnswer>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #operations = new Map<string, number>();
  #calls = 0;
  #bytes = 0;
  #inFlight = 0;
  #maxInFlight = 0;
  #first = 0;
  #last = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#recorded = new Map(options.recording.calls.map((call) => [callKey(call), call]));
    this.accounts = accountIds(options.recording.account, options.accounts ?? 1);
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: options.port ?? 0, onListen() {} },
      (request) => this.#serve(request),
    );
    this.url = `http://127.0.0.1:${this.#server.addr.port}`;
  }

  get finished(): Promise<void> {
    return this.#server.finished;
  }

  get stats(): ReplayStats {
    return {
      calls: this.#calls,
      maxInFlight: this.#maxInFlight,
      spanMs: this.#last - this.#first,
      bytes: this.#bytes,
      operations: Object.fromEntries([...this.#operations].sort()),
    };
  }

  reset(): void {
    this.#operations.clear();
    this.#calls = this.#bytes = this.#maxInFlight = 0;
    this.#first = this.#last = 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }

  async #serve(request: Request): Promise<Response> {
    const url = new URL(request.url);
    if (url.pathname === "/__stats") return Response.json(this.stats);
    if (url.pathname === "/__reset") {
      this.reset();
      return new Response();
    }
    this.#first ||= performance.now();
    this.#maxInFlight = Math.max(this.#maxInFlight, ++this.#inFlight);
    try {
      const body = new Uint8Array(await request.arrayBuffer());
      const target = url.pathname + url.search;
      const answer = this.#answer(
        identifyCall({ method: request.method, target, headers: request.headers, body }),
        new TextDecoder().decode(body),
      );
      if (this.#options.latency) await wait(this.#options.latency);
      this.#bytes += answer.body.length;
      return new Response(answer.body.slice(), { status: answer.status, headers: answer.headers });
    } finally {
      this.#inFlight--;
      this.#last = performance.now();
    }
  }

  #answer(call: AwsCall, body: string): WireAnswer {
    const place = this.#place(call);
    const key = fromPlace(call.key, this.#options.recording, place);
    const made = this.#organisation(call, place, body);
    const recorded = this.#recorded.get(callKey({ ...call, key })) ?? this.#price(call);
    const isKnown = made !== undefined || recorded !== undefined;
    this.#count(`${call.service}:${call.operation}${isKnown ? "" : " (unknown)"}`);
    if (made !== undefined) return made;
    if (recorded === undefined) return this.#unknown(call);
    return this.#render(recorded, place);
  }

  #place(call: AwsCall): Place {
    const named = call.accessKey.startsWith(KEY_PREFIX) ? call.accessKey.slice(-12) : "";
    const account = Math.max(0, this.accounts.indexOf(named));
    const isGlobal = GLOBAL.has(call.service);
    const region = isGlobal ? 0 : Math.max(0, this.#options.regions.indexOf(call.region));
    return {
      account: this.accounts[account] ?? this.#options.recording.account,
      region: isGlobal ? this.#options.recording.region : call.region,
      salt: isGlobal ? 0 : account * this.#options.regions.length + region,
    };
  }

  /** Products are asked for by the name of a region, which no template rewrites: one price for all. */
  #price({ service, operation }: AwsCall): RecordedCall | undefined {
    if (service !== "pricing") return undefined;
    return this.#options.recording.calls.find((each) =>
      each.service === service && each.operation === operation
    );
  }

  /** Calls whose answer depends on the size of the estate. */
  #organisation(call: AwsCall, place: Place, body: string): WireAnswer | undefined {
    if (call.service === "organizations" && call.operation === "ListAccounts") {
      return jsonAnswer({
        Accounts: this.accounts.map((Id) => ({
          Id,
          Name: `account-${Id}`,
          Status: "ACTIVE",
          State: "ACTIVE",
        })),
      });
    }
    if (call.service !== "sts") return undefined;
    if (call.operation === "GetCallerIdentity") return identityAnswer(place.account);
    if (call.operation !== "AssumeRole") return undefined;
    const account = new URLSearchParams(body).get("RoleArn")?.split(":")[4] ?? "";
    return this.accounts.includes(account) ? assumedAnswer(account) : errorAnswer(call, DENIED);
  }

  #unknown(call: AwsCall): WireAnswer {
    const isList = /^(List|Describe|Get)/.test(call.operation) && call.service !== "s3";
    return isList && this.#options.unknown !== "denied"
      ? emptyAnswer(call)
      : errorAnswer(call, DENIED);
  }

  /** Each answer is rewritten once for each place and then kept. */
  #render(call: RecordedCall, place: Place): WireAnswer {
    const key = `${place.account}/${place.region}/${callKey(call)}`;
    const kept = this.#rendered.get(key);
    if (kept !== undefined) return kept;
    const text = toPlace(call.body, this.#options.recording, place);
    const answer = {
      status: call.status,
      headers: call.headers,
      body: new TextEncoder().encode(text),
    };
    this.#rendered.set(key, answer);
    return answer;
  }

  #count(operation: string): void {
    this.#calls++;
    this.#operations.set(operation, (this.#operations.get(operation) ?? 0) + 1);
  }
}

const DENIED = { status: 403, code: "AccessDenied", message: "not part of this estate" };

function accountIds(first: string, count: number): readonly string[] {
  return [first, ...Array.from({ length: count - 1 }, (_, index) => String(200000000000 + index))];
}

function assumedAnswer(account: string): WireAnswer {
  return xmlAnswer(
    "AssumeRole",
    `<Credentials><AccessKeyId>${KEY_PREFIX}${account}</AccessKeyId><SecretAccessKey>s</SecretAccessKey>` +
      "<SessionToken>t</SessionToken><Expiration>2100-01-01T00:00:00Z</Expiration></Credentials>" +
      `<AssumedRoleUser><AssumedRoleId>AROA:s</AssumedRoleId><Arn>arn:aws:sts::${account}:assumed-role/r/s</Arn></AssumedRoleUser>`,
  );
}

function identityAnswer(account: string): WireAnswer {
  const arn = `arn:aws:iam::${account}:user/bench`;
  return xmlAnswer(
    "GetCallerIdentity",
    `<Arn>${arn}</Arn><UserId>AIDA</UserId><Account>${account}</Account>`,
  );
}

function xmlAnswer(operation: string, result: string): WireAnswer {
  const text =
    `<${operation}Response><${operation}Result>${result}</${operation}Result></${operation}Response>`;
  return {
    status: 200,
    headers: { "content-type": "text/xml" },
    body: new TextEncoder().encode(text),
  };
}

function jsonAnswer(value: unknown): WireAnswer {
  const body = new TextEncoder().encode(JSON.stringify(value));
  return { status: 200, headers: { "content-type": "application/x-amz-json-1.1" }, body };
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    args: Deno.args,
    options: {
      recording: { type: "string" },
      accounts: { type: "string", default: "1" },
      regions: { type: "string", default: "us-east-1" },
      latency: { type: "string", default: "0" },
      unknown: { type: "string", default: "empty" },
      port: { type: "string", default: "0" },
    },
  });
  if (values.recording === undefined) throw new Error("--recording is needed");
  const server = startReplay({
    recording: await readRecording(values.recording),
    accounts: Number(values.accounts),
    regions: values.regions.split(","),
    latency: Number(values.latency),
    unknown: values.unknown === "denied" ? "denied" : "empty",
    port: Number(values.port),
  });
  await Deno.stdout.write(new TextEncoder().encode(`${server.url}\n`));
  await server.finished;
}

if (import.meta.main) await main();
