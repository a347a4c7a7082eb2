import type { z } from "zod";
import type { Collector } from "./collector.ts";
import { guardGlobals } from "./guest_globals.ts";
import { type GuestPort, workerPort } from "./guest_port.ts";
import { type GuestBehaviour, GuestSession, type LoadedPlugin } from "./guest_session.ts";

/**
 * Makes a module the guest of a collector; the whole of a plugin's `worker.ts`.
 *
 * @example
 * ```ts
 * serveCollector(collector, manifest.options);
 * ```
 */
export function serveCollector<Options extends z.ZodObject>(
  collector: Collector<z.infer<Options>>,
  options: Options,
): void {
  serveGuest({
    load: (start) => Promise.resolve(bindOptions(collector, options.parse(start.options))),
  });
}

/** Serves any behaviour on the port of this Web Worker. */
export function serveGuest(behaviour: GuestBehaviour, port: GuestPort = workerPort()): void {
  guardGlobals(new GuestSession(port, behaviour));
}

/** Gives a collector its options, so that nobody else needs their type. */
export function bindOptions<Options>(
  collector: Collector<Options>,
  options: Options,
): LoadedPlugin {
  const { doctor, changer } = collector;
  const bind = <Context>(context: Context) => ({ ...context, options });
  return {
    collect: (context) => collector.collect(bind(context)),
    ...(doctor === undefined ? {} : { doctor: (context) => doctor.call(collector, bind(context)) }),
    ...(changer === undefined
      ? {}
      : { changer: (context) => changer.call(collector, bind(context)) }),
  };
}
