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
  serveGuest({
    load: (start) => {
      const parsed = options.parse(start.options);
      return Promise.resolve({ act: (context) => action.run({ ...context, options: parsed }) });
    },
  });
}
