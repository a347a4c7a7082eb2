import {
  followPages,
  isRecord,
  type RawRecord,
  read,
  readJson,
  type RestCaller,
  type Verdict,
} from "ckworker";

/** Arguments of a method. */
export type Arguments = Readonly<Record<string, string | number | boolean>>;

/** Calls to Slack's Web API. Each method has a limit of its own. */
export class SlackClient {
  readonly #caller: RestCaller;
  readonly #base: string;
  readonly #token: string;

  constructor(caller: RestCaller, base: string, token: string) {
    this.#caller = caller;
    this.#base = base.replace(/\/+$/, "");
    this.#token = token;
  }

  /**
   * Calls a method.
   * @throws CallFault when it failed for good
   */
  async call(method: string, values: Arguments = {}): Promise<RawRecord> {
    const pairs = Object.entries(values).map(([key, value]) => [key, String(value)]);
    const init = {
      method: "POST",
      headers: { authorization: `Bearer ${this.#token}`, "user-agent": "ckworker" },
      body: new URLSearchParams(pairs),
    };
    const url = `${this.#base}/${method}`;
    const value = readJson(await this.#caller.send(`slack:${method}`, url, () => init, method));
    if (!isRecord(value)) throw this.#caller.fault(`slack:${method}`, NO_LIST);
    return value;
  }

  /**
   * Calls a method that lists, and gives the named list page by page, to the last one.
   * @throws CallFault when a page failed for good, has no list, or leads back to one that was read
   */
  pages(
    method: string,
    list: string,
    values: Arguments = {},
  ): AsyncGenerator<readonly unknown[]> {
    return followPages(
      async (cursor) => {
        const page = await this.call(method, cursor === undefined ? values : { ...values, cursor });
        const next = read(page, "response_metadata.next_cursor");
        return {
          records: page[list],
          next: typeof next === "string" && next !== "" ? next : undefined,
        };
      },
      (verdict) => this.#caller.fault(`slack:${method}`, verdict),
      { noList: NO_LIST },
    );
  }
}

const NO_LIST: Verdict = {
  fault: "request",
  code: "NoList",
  message: "the answer has no list",
};
