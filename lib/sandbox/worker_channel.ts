import { SandboxError } from "../errors/mod.ts";
import { explainDenied, type HostMessage } from "../sdk/mod.ts";
import type { Channel, ChannelEvents, GuestCode } from "./channel.ts";
import { cannotGrant, workerPermissions } from "./permissions.ts";

/** The runtime's extension of worker options, missing from the checked types. */
interface RestrictedWorkerOptions extends WorkerOptions {
  readonly deno: { readonly permissions: ReturnType<typeof workerPermissions> };
}

/**
 * A guest in a Web Worker of this process.
 * @throws SandboxError when its rights cannot be given
 */
export function openWorker(code: GuestCode, events: ChannelEvents): Channel {
  const worker = createWorker(code);
  worker.onmessage = (event) => events.message(event.data);
  worker.onmessageerror = () => events.fault(lost(code, "sent what cannot be read"));
  worker.onerror = (event) => {
    // Without this an error of a guest would end the whole program.
    event.preventDefault();
    const denied = explainDenied(new Error(event.message), { plugin: code.plugin });
    events.fault(denied ?? lost(code, `crashed: ${event.message}`));
  };
  return {
    post: (message: HostMessage) => worker.postMessage(message),
    terminate: () => {
      worker.terminate();
      return Promise.resolve();
    },
  };
}

function createWorker(code: GuestCode): Worker {
  const options: RestrictedWorkerOptions = {
    type: "module",
    name: code.plugin,
    deno: { permissions: workerPermissions(code.permissions) },
  };
  try {
    return new Worker(code.url, options);
  } catch (error) {
    throw cannotGrant(code.plugin, code.permissions, error);
  }
}

function lost(code: GuestCode, what: string): SandboxError {
  return new SandboxError("crash", `Plugin "${code.plugin}" ${what}`, {
    context: { plugin: code.plugin },
  });
}
