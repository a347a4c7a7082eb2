import { SandboxError } from "../errors/mod.ts";
import type { HostMessage, StartMessage } from "../sdk/mod.ts";
import { openChild } from "./child_channel.ts";
import type { Channel, ChannelEvents, GuestCode } from "./channel.ts";
import { guestUrl } from "./guest_url.ts";
import { Helpers, runHelper } from "./helper.ts";
import { readPinned } from "./plugin_file.ts";
import type { GuestSetup } from "./request.ts";
import { type GuestTask, Supervisor, type WorkMessage } from "./supervisor.ts";
import { openWorker } from "./worker_channel.ts";

/** What a guest is started for. */
export interface GuestWork {
  readonly begins: GuestTask["begins"];
  /** Its first message, made of what is the same for all modes. */
  readonly start: (common: CommonStart) => StartMessage;
  /** Takes a message that belongs to the mode alone; false when nobody asked for it. */
  readonly receive: (message: WorkMessage) => boolean;
}

/** What every start says. */
export type CommonStart = Omit<Extract<StartMessage, { mode: "change" }>, "mode">;

/**
 * Creates a guest and watches over it; whatever it is started for, it may log, tell figures and ask
 * for helpers.
 * @throws SandboxError when it cannot be created
 */
export async function openGuest(setup: GuestSetup, work: GuestWork): Promise<Supervisor> {
  const { entry } = setup;
  const source = entry.source.type === "file" ? await readPinned(entry.source) : undefined;
  const code: GuestCode = {
    plugin: entry.manifest.name,
    url: guestUrl(entry.source, setup.base),
    permissions: setup.permissions,
  };
  let post: (message: HostMessage) => void = () => {};
  const helpers = new Helpers((call) =>
    runHelper(call, entry.manifest.name, setup.allowHelpers, setup.signal)
  );
  return new Supervisor({
    plugin: entry.manifest.name,
    timeouts: setup.timeouts,
    first: work.start(commonStart(setup, source)),
    begins: work.begins,
    open: (events) => {
      const channel = openChannel(setup, code, events);
      post = channel.post;
      return channel;
    },
    work: (message) => {
      if (message.type !== "helper") return tell(message, setup) || work.receive(message);
      const answer = helpers.call(message);
      void answer?.then(post);
      return answer !== undefined;
    },
    signal: setup.signal,
  });
}

/**
 * Waits until a guest has begun.
 * @throws SandboxError when it ended before; else what it reported
 */
export async function untilBegun(supervisor: Supervisor, setup: GuestSetup): Promise<void> {
  await supervisor.settled;
  if (supervisor.state !== "stopped" && supervisor.state !== "crashed") return;
  const end = await supervisor.ended;
  throw end.state === "stopped" ? endedEarly(setup) : end.error;
}

/** A guest that ended without having done what it was started for. */
export function endedEarly({ entry }: GuestSetup): SandboxError {
  const { name } = entry.manifest;
  return new SandboxError("crash", `Plugin "${name}" ended before it began`, {
    context: { plugin: name },
  });
}

function openChannel(setup: GuestSetup, code: GuestCode, events: ChannelEvents): Channel {
  return setup.fork
    ? openChild(code, events, { base: setup.base, heapMiB: setup.forkHeapMiB })
    : openWorker(code, events);
}

function commonStart(setup: GuestSetup, source: string | undefined): CommonStart {
  const { manifest } = setup.entry;
  return {
    type: "start",
    cloud: manifest.clouds?.[0] ?? manifest.name,
    options: { ...setup.options },
    now: setup.now.toISOString(),
    ...(setup.caCertificates === undefined ? {} : { caCertificates: setup.caCertificates }),
    budgets: [...setup.budgets],
    ...(source === undefined ? {} : { source }),
  };
}

/** What every guest may tell; false for what belongs to a mode. */
function tell(message: WorkMessage, { on, log }: GuestSetup): boolean {
  switch (message.type) {
    case "logs":
      for (const { level, event, message: text, fields } of message.entries) {
        log.log(level, event, text, fields);
      }
      if (message.dropped > 0) {
        log.warn("guest.logs.dropped", "A plugin logged too much at once; entries are missing", {
          count: message.dropped,
        });
      }
      return true;
    case "stats":
      on.stats(message.calls);
      return true;
    case "learned":
      on.learned(message.budgets);
      return true;
    default:
      return false;
  }
}
