import { SandboxError } from "../errors/mod.ts";
import type { Logger } from "../log/mod.ts";
import type { DoctorReport, HostMessage } from "../sdk/mod.ts";
import { openChild } from "./child_channel.ts";
import type { ChannelEvents, GuestCode } from "./channel.ts";
import { guestUrl } from "./guest_url.ts";
import { Helpers, runHelper } from "./helper.ts";
import { readPinned } from "./plugin_file.ts";
import type { Guest, GuestRequest } from "./request.ts";
import { Supervisor, type WorkMessage } from "./supervisor.ts";
import { openWorker } from "./worker_channel.ts";

/**
 * Starts a guest that collects; resolves when its lines flow.
 * @throws SandboxError when it cannot be created or does not start; else what it reported
 */
export async function startGuest(request: GuestRequest): Promise<Guest> {
  const supervisor = await supervise(
    request,
    "collect",
    (message, helpers, post) => tell(message, request, helpers, post),
  );
  await supervisor.settled;
  if (supervisor.state === "stopped" || supervisor.state === "crashed") {
    const end = await supervisor.ended;
    throw end.state === "stopped" ? stoppedEarly(request) : end.error;
  }
  return {
    get state() {
      return supervisor.state;
    },
    lines: supervisor.lines.stream,
    ended: supervisor.ended,
    stop: (reason) => supervisor.stop(reason),
    [Symbol.asyncDispose]: () => supervisor[Symbol.asyncDispose](),
  };
}

/**
 * Lets a plugin check its access; nothing is collected.
 * @throws SandboxError, or what the plugin reported
 */
export async function askDoctor(request: GuestRequest): Promise<DoctorReport> {
  let report: DoctorReport | undefined;
  await using supervisor = await supervise(request, "doctor", (message, helpers, post) => {
    if (message.type !== "doctorReport") return tell(message, request, helpers, post);
    report = message.report;
    return true;
  });
  const end = await supervisor.ended;
  if (end.state !== "stopped") throw end.error;
  if (report === undefined) throw stoppedEarly(request);
  return report;
}

type Post = (message: HostMessage) => void;

async function supervise(
  request: GuestRequest,
  mode: "collect" | "doctor",
  work: (message: WorkMessage, helpers: Helpers, post: Post) => boolean,
): Promise<Supervisor> {
  const { entry } = request;
  const source = entry.source.type === "file" ? await readPinned(entry.source) : undefined;
  const code: GuestCode = {
    plugin: entry.manifest.name,
    url: guestUrl(entry.source, request.base),
    permissions: request.permissions,
  };
  let post: Post = () => {};
  const helpers = new Helpers((call) =>
    runHelper(call, entry.manifest.name, request.allowHelpers, request.signal)
  );
  return new Supervisor({
    plugin: entry.manifest.name,
    timeouts: request.timeouts,
    first: startMessage(request, mode, source),
    streams: mode === "collect",
    open: (events) => {
      const channel = open(request, code, events);
      post = channel.post;
      return channel;
    },
    work: (message) => work(message, helpers, post),
    signal: request.signal,
  });
}

function open(request: GuestRequest, code: GuestCode, events: ChannelEvents) {
  return request.fork
    ? openChild(code, events, { base: request.base, heapMiB: request.forkHeapMiB })
    : openWorker(code, events);
}

function startMessage(
  request: GuestRequest,
  mode: "collect" | "doctor",
  source: string | undefined,
): HostMessage {
  const { manifest } = request.entry;
  return {
    type: "start",
    mode,
    cloud: manifest.clouds[0] ?? manifest.name,
    options: { ...request.options },
    now: request.now.toISOString(),
    shard: { ...request.shard },
    sensitive: { ...request.sensitive },
    ...(request.caCertificates === undefined ? {} : { caCertificates: request.caCertificates }),
    budgets: [...request.budgets],
    resumed: [...request.resumed],
    ...(source === undefined ? {} : { source }),
  };
}

/** Hands what a guest tells to whom it concerns; false for what nobody asked. */
function tell(
  message: WorkMessage,
  request: GuestRequest,
  helpers: Helpers,
  post: Post,
): boolean {
  const { on } = request;
  switch (message.type) {
    case "logs":
      writeLogs(message, request.log);
      return true;
    case "progress":
      for (const { account, done, total, label } of message.events) {
        on.progress(account, done, total, label);
      }
      return true;
    case "accounts":
      on.accounts(message.report);
      return true;
    case "regions":
      on.regions(message.report);
      return true;
    case "stats":
      on.stats(message.calls);
      return true;
    case "learned":
      on.learned(message.budgets);
      return true;
    case "helper": {
      const answer = helpers.call(message);
      void answer?.then(post);
      return answer !== undefined;
    }
    default:
      return false;
  }
}

function writeLogs(message: Extract<WorkMessage, { type: "logs" }>, log: Logger): void {
  for (const { level, event, message: text, fields } of message.entries) {
    log.log(level, event, text, fields);
  }
  if (message.dropped === 0) return;
  log.warn("guest.logs.dropped", "A plugin logged too much at once; entries are missing", {
    count: message.dropped,
  });
}

function stoppedEarly(request: GuestRequest): SandboxError {
  const { name } = request.entry.manifest;
  return new SandboxError("crash", `Plugin "${name}" ended before it began`, {
    context: { plugin: name },
  });
}
