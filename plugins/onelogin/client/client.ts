import { followPages, isRecord, read, readJson, type RestCaller, type Verdict } from "ckworker";

const TOKEN_CALL = "onelogin:GenerateToken";

/** Calls to OneLogin's API, version 1, with a token that is renewed when it has expired. */
export class OneLoginClient {
  readonly #caller: RestCaller;
  readonly #base: string;
  readonly #credentials: string;
  #token: Promise<string> | undefined;

  /** @param base address of the API, without a slash at its end */
  constructor(caller: RestCaller, base: string, id: string, secret: string) {
    this.#caller = caller;
    this.#base = base;
    this.#credentials = `client_id:${id}, client_secret:${secret}`;
  }

  /**
   * Pages of a list, to the last one.
   * @throws CallFault when one of them failed for good, is no list, or leads back to one that was read
   */
  pages(call: string, path: string): AsyncGenerator<readonly unknown[]> {
    return followPages(
      async (cursor) => {
        const query = cursor === undefined ? "" : `?after_cursor=${encodeURIComponent(cursor)}`;
        const page = await this.#get(call, `/api/1/${path}${query}`);
        return { records: isRecord(page) ? page["data"] : undefined, next: nextCursor(page) };
      },
      (verdict) => this.#caller.fault(call, verdict),
    );
  }

  async #get(call: string, path: string): Promise<unknown> {
    let used: Promise<string> | undefined;
    const answer = await this.#caller.send(call, `${this.#base}${path}`, async (renew) => {
      // Another call may have renewed it meanwhile.
      if (renew && this.#token === used) this.#token = undefined;
      used = this.#token ??= this.#generate();
      return { headers: { authorization: `bearer ${await used}`, "user-agent": "ckworker" } };
    });
    return readJson(answer);
  }

  async #generate(): Promise<string> {
    try {
      const answer = await this.#caller.send(
        TOKEN_CALL,
        `${this.#base}/auth/oauth2/v2/token`,
        () => ({
          method: "POST",
          headers: {
            authorization: this.#credentials,
            "content-type": "application/json",
            "user-agent": "ckworker",
          },
          body: JSON.stringify({ grant_type: "client_credentials" }),
        }),
      );
      const value = readJson(answer);
      const token = isRecord(value) ? value["access_token"] : undefined;
      if (typeof token !== "string" || token === "") throw this.#caller.fault(TOKEN_CALL, NO_TOKEN);
      return token;
    } catch (error) {
      this.#token = undefined;
      throw error;
    }
  }
}

const NO_TOKEN: Verdict = {
  fault: "request",
  code: "NoToken",
  message: "the answer holds no access token",
};

function nextCursor(page: unknown): string | undefined {
  const cursor = isRecord(page) ? read(page, "pagination.after_cursor") : undefined;
  return typeof cursor === "string" && cursor !== "" ? cursor : undefined;
}
