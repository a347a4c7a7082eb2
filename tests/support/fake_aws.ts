import type { LoadedService } from "../../plugins/aws/client/clients.ts";
import type { Clock } from "../../lib/sdk/mod.ts";
import type { Machine } from "../../plugins/aws/discovery/network.ts";
import type { ServiceName } from "../../plugins/aws/services.ts";
import { SimulatedClock } from "./simulated_clock.ts";

/** One request as a fake service sees it. */
export interface FakeRequest {
  /** `service:Operation`. */
  readonly call: string;
  readonly region: string;
  // deno-lint-ignore no-explicit-any -- tests read inputs of many operations
  readonly input: any;
  /** Access key that signed it. */
  readonly key: string;
  readonly signal: AbortSignal;
  /** Which time this call is made, from 1. */
  readonly nth: number;
}

/** Answers a request, or throws what the SDK would throw. */
export type Answer = (request: FakeRequest) => unknown;

/** What a fake AWS may be told about its machine. */
export interface FakeAwsOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  /** Whether host names resolve, always or each time they are tried; true by default. */
  readonly resolves?: boolean | (() => boolean);
}

/** The clients of all services with answers of the test's choice. */
export class FakeAws {
  readonly clock = new SimulatedClock();
  readonly requests: FakeRequest[] = [];
  readonly #answers = new Map<string, Answer>();
  readonly #options: FakeAwsOptions;
  /** Clients made and destroyed. */
  readonly clients = { made: 0, destroyed: 0 };

  constructor(options: FakeAwsOptions = {}) {
    this.#options = options;
    this.on("sts:GetCallerIdentity", () => ({ Account: "111111111111" }));
    this.on("sts:AssumeRole", ({ input }) => ({
      Credentials: {
        AccessKeyId: `key of ${input.RoleArn}`,
        SecretAccessKey: "secret",
        SessionToken: "token",
        Expiration: new Date(this.clock.now() + 3_600_000),
      },
    }));
    this.on("ec2:DescribeRegions", () => ({
      Regions: [{ RegionName: "eu-west-1", OptInStatus: "opt-in-not-required" }],
    }));
    this.on("iam:ListAccountAliases", () => ({ AccountAliases: [] }));
    this.on("iam:GetAccountSummary", () => ({ SummaryMap: {} }));
    this.on("iam:GetAccountPasswordPolicy", () => {
      throw awsError("NoSuchEntityException", "no policy", 404);
    });
  }

  /** Sets the answer of a call, or its answers one after the other, the last one for ever. */
  on(call: string, ...answers: readonly Answer[]): this {
    this.#answers.set(
      call,
      (request) => answers[Math.min(request.nth, answers.length) - 1]?.(request),
    );
    return this;
  }

  /** Requests of one call. */
  made(call: string): readonly FakeRequest[] {
    return this.requests.filter((request) => request.call === call);
  }

  load(service: ServiceName): Promise<LoadedService> {
    return Promise.resolve({
      client: (config) => {
        this.clients.made++;
        return {
          send: (command, { abortSignal }) => this.#send(service, config, command, abortSignal),
          destroy: () => {
            this.clients.destroyed++;
          },
        };
      },
      command: (operation, input) => ({ operation, input }),
    });
  }

  /** The machine of a collector that talks to this fake. */
  machine(clock: Clock = this.clock): Machine {
    const { env = {}, files = {}, resolves = true } = this.#options;
    return {
      clock,
      env: (name) => env[name],
      readFile: (path) => {
        const text = files[path];
        return text === undefined
          ? Promise.reject(new Deno.errors.NotFound(path))
          : Promise.resolve(text);
      },
      load: (service) => this.load(service),
      pool: () => ({
        fetch: () =>
          (typeof resolves === "function" ? resolves() : resolves)
            ? Promise.resolve(new Response())
            : Promise.reject(new TypeError("dns error: failed to lookup address information")),
        [Symbol.dispose]: () => {},
      }),
    };
  }

  async #send(
    service: ServiceName,
    config: Readonly<Record<string, unknown>>,
    command: object,
    signal: AbortSignal,
  ): Promise<unknown> {
    const { operation, input } = command as { operation: string; input: object };
    const call = `${service}:${operation}`;
    const credentials = await (config.credentials as () => Promise<{ accessKeyId: string }>)();
    const request: FakeRequest = {
      call,
      region: String(config.region),
      input,
      key: credentials.accessKeyId,
      signal,
      nth: this.made(call).length + 1,
    };
    this.requests.push(request);
    const answer = this.#answers.get(call);
    if (answer === undefined) throw new Error(`the test answers no ${call}`);
    return await answer(request);
  }
}

/** An error as the SDK throws it. */
export function awsError(
  name: string,
  message: string,
  status = 400,
  headers: Readonly<Record<string, string>> = {},
): Error {
  const error = new Error(message);
  error.name = name;
  Object.assign(error, { $metadata: { httpStatusCode: status } });
  Object.defineProperty(error, "$response", { value: { statusCode: status, headers } });
  return error;
}
