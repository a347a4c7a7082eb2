import { z } from "zod";
import { toWire } from "../errors/mod.ts";
import { guestMessageSchema, type HostMessage, hostMessageSchema } from "../sdk/mod.ts";
import type { Channel, GuestCode } from "./channel.ts";
import { encodeFrame, endOfLines, readFrames } from "./frames.ts";
import { openWorker } from "./worker_channel.ts";

/** The pipes of a child. */
export interface ChildPipes {
  readonly stdin: ReadableStream<Uint8Array<ArrayBuffer>>;
  readonly stdout: WritableStream<Uint8Array>;
  readonly stderr: WritableStream<Uint8Array>;
}

const entries = z.array(z.string()).exactOptional();
const spawnSchema = z.strictObject({
  type: z.literal("spawn"),
  code: z.strictObject({
    plugin: z.string(),
    url: z.string(),
    permissions: z.strictObject({ net: entries, env: entries, read: entries, sys: entries }),
  }),
});

/**
 * The whole of a child process: runs one guest in a Web Worker and passes messages and lines between
 * it and the host. All judgement is the host's, who ends the child when he has seen enough. Returns
 * when the host is gone.
 */
export async function runGuestChild(pipes: ChildPipes = ownPipes()): Promise<void> {
  const messages = pipes.stderr.getWriter();
  let channel: Channel | undefined;
  const tell = (frame: unknown) => void messages.write(encodeFrame(frame)).catch(() => {});
  await readFrames(pipes.stdin, (frame) => {
    if (channel === undefined) channel = open(spawnSchema.parse(frame).code, pipes, tell);
    else channel.post(hostMessage(frame));
  });
  await channel?.terminate();
}

function ownPipes(): ChildPipes {
  return {
    stdin: Deno.stdin.readable,
    stdout: Deno.stdout.writable,
    stderr: Deno.stderr.writable,
  };
}

function open(code: GuestCode, pipes: ChildPipes, tell: (frame: unknown) => void): Channel {
  return openWorker(code, {
    message: (data) => {
      const stream = streamOf(data);
      if (stream === undefined) return tell(data);
      tell({ type: "stream" });
      void passLines(stream, pipes.stdout).catch((error) => {
        tell({ type: "error", error: toWire(error) });
      });
    },
    fault: (error) => tell({ type: "error", error: toWire(error) }),
  });
}

/** The stream of a `stream` message; other messages pass unread. */
function streamOf(data: unknown): ReadableStream<Uint8Array> | undefined {
  const parsed = guestMessageSchema.safeParse(data);
  return parsed.success && parsed.data.type === "stream" ? parsed.data.stream : undefined;
}

async function passLines(
  lines: ReadableStream<Uint8Array>,
  stdout: WritableStream<Uint8Array>,
): Promise<void> {
  await lines.pipeTo(stdout, { preventClose: true });
  const writer = stdout.getWriter();
  await writer.write(endOfLines());
  writer.releaseLock();
}

function hostMessage(frame: unknown): HostMessage {
  return hostMessageSchema.parse(frame);
}
