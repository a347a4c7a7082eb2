import { readJson } from "ckworker";
// @ts-types="./google_auth_library.d.ts"
import { gaxios, type RequestOptions, type Sent } from "google-auth-library";
import { z } from "zod";
import type { Route } from "./routes.ts";
import { IMPERSONATE, NO_TOKEN, SUBJECT } from "./token_calls.ts";
import type { TokenParts } from "./token_parts.ts";

type Senders = Pick<TokenParts, "caller" | "subjectCaller">;

/** Seconds that a token is good for which does not say it. */
const LIFETIME_S = 3_600;
/** A time that cannot be read: the token is good for one call. */
const PAST = new Date(1_000).toISOString();

const tokenSchema = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().positive().default(LIFETIME_S),
});
const accountTokenSchema = z.looseObject({
  accessToken: z.string().min(1),
  expireTime: z.string().transform((text) => Number.isNaN(Date.parse(text)) ? PAST : text),
});

/** Carries what our own code threw through Google's library, which rewrites what it catches. */
export class Carried extends Error {
  override readonly name = "Carried";
}

/** Runs own code inside of Google's library. */
export async function carry<T>(run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (cause) {
    throw new Carried("failed", { cause });
  }
}

/**
 * Sends what Google's library asks for as declared calls, with our certificates, retries and time
 * limits, and to the addresses that the credentials name. Nothing of Gaxios' own way of sending is
 * used, so neither its retries nor its proxies nor its log are.
 */
export class Transporter extends gaxios.Gaxios {
  readonly #senders: Senders;
  readonly #routes: ReadonlyMap<string, Route>;

  constructor(senders: Senders, routes: ReadonlyMap<string, Route>) {
    super();
    this.#senders = senders;
    this.#routes = routes;
  }

  override request<T>(options: RequestOptions = {}): Promise<Sent<T>> {
    return carry(async () => {
      const route = this.#routes.get(String(options.url));
      if (route === undefined) throw new Error(`a token may not be asked for at ${options.url}`);
      const data = await this.#send(route, options);
      // The library looks at nothing but the data of a good answer.
      return Object.assign(new Response(), { config: options, data }) as Sent<T>;
    });
  }

  async #send({ call, url }: Route, options: RequestOptions): Promise<unknown> {
    const { method = "GET", data } = options;
    const headers = new Headers(options.headers);
    const isForm = data instanceof URLSearchParams;
    if (data !== undefined && !isForm) headers.set("content-type", "application/json");
    const body = data === undefined ? {} : { body: isForm ? data : JSON.stringify(data) };
    const caller = call === SUBJECT ? this.#senders.subjectCaller : this.#senders.caller;
    const answer = await caller.send(call, url, () => ({
      method,
      headers,
      redirect: "manual",
      ...body,
    }));
    if (call === SUBJECT) {
      return options.responseType === "json" ? readJson(answer) ?? {} : answer.text.trim();
    }
    const schema = call === IMPERSONATE ? accountTokenSchema : tokenSchema;
    const parsed = schema.safeParse(readJson(answer));
    if (!parsed.success) throw caller.fault(call, NO_TOKEN);
    return parsed.data;
  }
}
