/** A run that is over still lies on the stack; the last that it held is free after that. */
const LATER_MS = 2_000;

/**
 * Gives memory back that a finished piece of work left behind. The runtime collects garbage when it
 * needs room, and a worker with nothing to do never does; its memory would stay at the height of the
 * last run. The binary is compiled with V8's `--expose-gc`; without it nothing happens.
 */
export function giveMemoryBack(): void {
  const collect: unknown = Reflect.get(globalThis, "gc");
  if (typeof collect !== "function") return;
  collect();
  const timer = setTimeout(() => collect(), LATER_MS);
  Deno.unrefTimer(timer);
}
