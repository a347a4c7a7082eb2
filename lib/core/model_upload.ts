import { CoreRejectedError } from "../errors/mod.ts";
import type { KindIndex } from "../model/mod.ts";
import { modelBodies } from "./model_bodies.ts";
import type { Speech } from "./speech.ts";

const TIMEOUT_MS = 5 * 60 * 1000;
/** A property has another type at the core, or a name stands for another sort of kind there. */
const CLASH = /\bis defined in\b|\bchanges an existing property type\b/;

/**
 * Tells a core the model. It is added to what the core knows, with every upload anew: a core whose
 * database was lost has forgotten it. Where that fails because the core knows a property with
 * another type, and the core allows it, the model is replaced.
 * @throws CoreUnreachableError, CoreRejectedError
 */
export async function sendModel(kinds: KindIndex, speech: Speech): Promise<void> {
  const model = speech.dialect.model(kinds);
  try {
    for (const body of modelBodies(model, speech.dialect.limits.json)) {
      await send("PATCH", body, speech);
    }
  } catch (thrown) {
    if (!speech.dialect.replacesModel || !isClash(thrown)) throw thrown;
    await send("PUT", JSON.stringify(model), speech);
    speech.log.warn(
      "core.model.replaced",
      "The core's model was replaced: kinds that only other workers know are gone from it",
      { reason: thrown.message },
    );
  }
}

async function send(method: "PATCH" | "PUT", body: string, speech: Speech): Promise<void> {
  const response = await speech.call("the model", {
    method,
    path: speech.paths.model,
    headers: { "Content-Type": "application/json" },
    body,
    timeoutMs: TIMEOUT_MS,
    signal: speech.signal,
  });
  await response.body?.cancel();
}

/** Nearly every refusal is a 400, passing troubles of the core's database among them. */
function isClash(thrown: unknown): thrown is CoreRejectedError {
  return thrown instanceof CoreRejectedError && thrown.status === 400 && CLASH.test(thrown.message);
}
