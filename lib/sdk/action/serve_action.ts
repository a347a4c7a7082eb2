import process from "node:process";
import type { z } from "zod";
import { serveGuest } from "../serve_collector.ts";
import type { Action } from "./action.ts";

/**
 * Makes a module the guest of an action plugin; the whole of its `worker.ts`.
 *
 * @example
 * ```ts
 * serveAction(action, manifest.options);
 * ```
 */
export function serveAction<Options extends z.ZodObject>(
  action: Action<z.infer<Options>>,
  options: Options,
): void {
  emptyEnvironment();
  serveGuest({
    load: (start) => {
      const parsed = options.parse(start.options);
      return Promise.resolve({ act: (context) => action.run({ ...context, options: parsed }) });
    },
  });
}

/**
 * The guest of an action plugin may read no variable. Libraries that look for one by the older way
 * find nothing, as on a machine where none is set, instead of failing.
 */
function emptyEnvironment(): void {
  const value = Object.freeze({});
  Object.defineProperty(process, "env", { value, configurable: false, writable: false });
}
