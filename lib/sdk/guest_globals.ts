import process from "node:process";
import { PluginError } from "../errors/mod.ts";
import type { LogLevel } from "../log/mod.ts";

/** Who hears of what happens in a guest outside of the collector's own promises. */
export interface GuestWatch {
  /** The guest is lost. */
  fail(thrown: unknown): void;
  log(level: LogLevel, event: string, message: string): void;
}

/**
 * Makes the guest's global scope tell the host what would otherwise go unnoticed: errors that nobody
 * caught, and ends of the worker, which the host could only see by its silence. The console logs
 * through the host, for the program's output belongs to its user.
 *
 * This is for plugins that mean well. One that does not can get around it, and the host's time-outs
 * and limits hold then.
 */
export function guardGlobals(watch: GuestWatch): void {
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    watch.fail(event.error ?? new PluginError(event.message));
  });
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    watch.fail(event.reason);
  });
  replace(globalThis, "close", refuse("close", watch));
  replace(Deno, "exit", refuse("Deno.exit", watch));
  for (const name of ["exit", "reallyExit", "abort", "kill"]) {
    replace(process, name, refuse(`process.${name}`, watch));
  }
  guardConsole(watch);
  sealGuest();
}

/**
 * Takes away what no right guards: the command line, which may hold secrets of other plugins, a
 * cache on the disk that outlives the run, and a channel between guests, by which one without
 * network could speak through another. These stay away whatever the plugin does.
 */
function sealGuest(): void {
  const seal = (target: object, name: string, value: unknown) => {
    if (name in target) {
      Object.defineProperty(target, name, { value, configurable: false, writable: false });
    }
  };
  seal(Deno, "args", Object.freeze([]));
  seal(process, "argv", Object.freeze([]));
  for (const name of ["BroadcastChannel", "Cache", "CacheStorage", "caches"]) {
    seal(globalThis, name, undefined);
  }
}

function refuse(name: string, watch: GuestWatch): () => never {
  return () => {
    const fault = new PluginError(`The plugin called ${name}()`, {
      hint: "A plugin ends by returning from its function.",
    });
    watch.fail(fault);
    throw fault;
  };
}

function guardConsole(watch: GuestWatch): void {
  const levels: Readonly<Record<string, LogLevel>> = {
    debug: "debug",
    log: "info",
    info: "info",
    warn: "warn",
    error: "error",
    trace: "debug",
    dir: "info",
    table: "info",
  };
  for (const [name, level] of Object.entries(levels)) {
    replace(console, name, (...parts: readonly unknown[]) => {
      const message = parts.map((part) => typeof part === "string" ? part : Deno.inspect(part));
      watch.log(level, "guest.console", message.join(" ").slice(0, 4_000));
    });
  }
}

function replace(target: object, name: string, value: (...parts: readonly unknown[]) => void) {
  Object.defineProperty(target, name, { value, configurable: true, writable: true });
}
