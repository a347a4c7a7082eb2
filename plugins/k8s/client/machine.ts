import { type Clock, systemClock } from "ckworker";
import type { Pair } from "./certificate.ts";

/** How to reach one server. */
export interface Route {
  /** Authorities to trust beside the public ones, PEM. */
  readonly authorities: readonly string[];
  readonly pair?: Pair;
  readonly proxy?: string;
}

/** Connections of one kind. */
export interface Line extends Disposable {
  fetch(url: string, init: RequestInit): Promise<Response>;
}

/** What the plugin takes from the machine; tests give their own. */
export interface Machine {
  readonly clock: Clock;
  /** Longest time that one request may take, milliseconds. */
  readonly requestMs: number;
  env(name: string): string | undefined;
  readFile(path: string): Promise<string>;
  line(route: Route): Line;
}

/** The machine that the guest runs on. */
export const thisMachine: Machine = {
  clock: systemClock,
  requestMs: 120_000,
  env: (name) => Deno.env.get(name),
  readFile: (path) => Deno.readTextFile(path),
  line: openLine,
};

function openLine({ authorities, pair, proxy }: Route): Line {
  const client = Deno.createHttpClient({
    caCerts: [...authorities],
    ...(pair === undefined ? {} : { cert: pair.certificate, key: pair.key }),
    ...(proxy === undefined ? {} : { proxy: { url: proxy } }),
  });
  return {
    fetch: (url, init) => fetch(url, { ...init, client }),
    [Symbol.dispose]: () => client.close(),
  };
}
