import assert from "node:assert/strict";
import { CKCORE } from "../../../lib/core/ckcore.ts";
import type { UploadPart } from "../../../lib/core/core.ts";
import { FIXCORE } from "../../../lib/core/fixcore.ts";
import { MergeBody } from "../../../lib/core/merge_body.ts";
import { NodeWriter } from "../../../lib/core/node_writer.ts";
import { UploadPace } from "../../../lib/core/upload_pace.ts";
import { CoreRejectedError, CoreUnreachableError } from "../../../lib/errors/mod.ts";
import {
  accepts,
  keepingLogger,
  KINDS,
  node,
  part,
  RecordingServer,
  remoteCore,
  unhurried,
  upload,
} from "../../support/remote_core.ts";

Deno.test("MergeBody: reads records only as fast as they are taken", async () => {
  let read = 0;
  const reader = bodyOf(endless(() => read++)).open().getReader();
  assert.equal(read, 0);
  const { value } = await reader.read();
  assert.ok(value !== undefined && value.length >= 64 * 1024 && value.length < 128 * 1024);
  const after = read;
  assert.ok(after > 0 && after < 1000, `${after}`);
  await Promise.resolve();
  assert.equal(read, after);
  await reader.read();
  assert.ok(read > after && read < 2000);
  await reader.cancel();
});

Deno.test("MergeBody: lets go of its records when nobody reads on", async () => {
  let closed = false;
  const records = {
    ...part([]),
    *records() {
      try {
        for (;;) yield { type: "node", node: node() } as const;
      } finally {
        closed = true;
      }
    },
  };
  const reader = bodyOf(records).open().getReader();
  await reader.read();
  await reader.cancel();
  assert.ok(closed);
});

Deno.test("MergeBody: is the same when it is opened again", async () => {
  const large = node({ body: JSON.stringify({ notes: "x".repeat(200_000) }) });
  const body = bodyOf(part([node(), large]));
  const first = await new Response(body.open()).text();
  assert.equal(body.lines, 2);
  assert.equal(await new Response(body.open()).text(), first);
  assert.equal(body.lines, 2);
  assert.equal(body.shortened.length, 1);
});

Deno.test("MergeBody: one that is opened again ends the one before", async () => {
  const body = bodyOf(endless(() => {}));
  const first = body.open().getReader();
  await first.read();
  const { lines } = body;
  const second = body.open().getReader();
  await assert.rejects(first.read());
  await second.read();
  assert.equal(body.lines, lines);
  body.stop();
  await assert.rejects(second.read());
  assert.equal(body.failure, undefined);
});

Deno.test("commit: a large upload arrives whole", async () => {
  await using server = new RecordingServer(accepts);
  const nodes = Array.from(
    { length: 20_000 },
    (_, at) => node({ id: `i-${at}`, name: "é".repeat(at % 9) }),
  );
  await remoteCore(server.uri, "ckcore").commit(upload(part(nodes)), unhurried());
  const lines = server.seen.at(-1)?.body.trimEnd().split("\n") ?? [];
  assert.equal(lines.length, 20_000);
  assert.deepEqual(lines.map((line) => JSON.parse(line).reported.id), nodes.map(({ id }) => id));
});

Deno.test("commit: a core that dies in the middle of an upload", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const dying = (async () => {
    using connection = await listener.accept();
    const buffer = new Uint8Array(64 * 1024);
    for (let read = 0; read < 300_000;) read += await connection.read(buffer) ?? Infinity;
  })();
  const body = bodyOf(endless(() => {}));
  const gone = fetch(`http://127.0.0.1:${listener.addr.port}/`, {
    method: "POST",
    body: body.open(),
  });
  await assert.rejects(gone, TypeError);
  await dying;
  assert.equal(body.failure, undefined);
  assert.ok(body.lines > 300);
});

Deno.test("commit: an upload that is cut off may be repeated, and says how far it came", async () => {
  await using core = new RawCore(() => undefined);
  const nodes = { ...endless(() => {}), nodes: 9 };
  const commit = remoteCore(core.uri, "ckcore").commit(upload(nodes), unhurried());
  await assert.rejects(commit, (error: unknown) => {
    assert.ok(error instanceof CoreUnreachableError, String(error));
    assert.match(error.message, /\(x: \d+ of 9 lines were sent\)/);
    return true;
  });
});

Deno.test("commit: a core that refuses before it has read everything is heard", async () => {
  let read = 0;
  {
    await using core = new RawCore(() =>
      "Error: ImportAborted\nMessage: AttributeError('no such kind')"
    );
    const nodes = { ...many(200_000, () => read++), nodes: 9 };
    const commit = remoteCore(core.uri, "ckcore").commit(upload(nodes), unhurried());
    await assert.rejects(commit, (error: unknown) => {
      assert.ok(error instanceof CoreRejectedError, String(error));
      assert.match(
        error.message,
        /400, ImportAborted: AttributeError\('no such kind'\) \(x: \d+ of 9/,
      );
      return true;
    });
  }
  // Once for the upload, which ended with the answer, and once to look for the culprit.
  assert.ok(read < 300_000, `${read}`);
});

Deno.test("UploadPace: tells once for each batch that it is slow", () => {
  const { log, events } = keepingLogger();
  let now = 0;
  const pace = new UploadPace({
    limit: { lines: 100, ms: 30_000 },
    now: () => now,
    log,
    part: "x",
  });
  pace.sent(10);
  now = 15_000;
  pace.sent(20);
  assert.equal(events.length, 0);
  now = 16_000;
  pace.sent(30);
  now = 17_000;
  pace.sent(100);
  assert.deepEqual(events, [{
    level: "warn",
    event: "core.upload.slow",
    message: "The upload is slow: the core drops it when it is any slower",
    fields: { part: "x", lines: 30, seconds: 16, limitSeconds: 30 },
  }]);
  now = 30_000;
  pace.sent(150);
  assert.equal(events.length, 1);
  now = 33_000;
  pace.sent(199);
  assert.equal(events.length, 2);
});

Deno.test("commit: warns when its records come slowly, sooner for the older core", async () => {
  for (const [dialect, expected] of [["ckcore", 1], ["fixcore", 0]] as const) {
    await using server = new RecordingServer(accepts);
    const { log, events } = keepingLogger();
    let now = 0;
    const slow = {
      ...part([node()]),
      *records() {
        now += 20_000;
        yield { type: "node", node: node() } as const;
      },
    };
    await remoteCore(server.uri, dialect, { log, now: () => now }).commit(
      upload(slow),
      unhurried(),
    );
    assert.equal(events.filter(({ event }) => event === "core.upload.slow").length, expected);
  }
});

Deno.test("the older core drops an upload sooner than the later one", () => {
  assert.deepEqual(CKCORE.limits.pace, { lines: 100_000, ms: 30_000 });
  assert.deepEqual(FIXCORE.limits.pace, { lines: 100_000, ms: 90_000 });
});

function bodyOf(records: UploadPart): MergeBody {
  return new MergeBody(records, {
    dialect: CKCORE,
    writer: new NodeWriter(CKCORE, KINDS, "2026-01-02T03:04:05Z"),
    task: false,
    pace: { now: () => 0, log: keepingLogger().log },
  });
}

/** A part that never ends. */
function endless(read: () => void): UploadPart {
  return many(Infinity, read);
}

function many(count: number, read: () => void): UploadPart {
  return {
    ...part([]),
    *records() {
      for (let each = 0; each < count; each++) {
        read();
        yield { type: "node", node: node() };
      }
    },
  };
}

/**
 * A core that takes the graph and the model, and in the middle of a merge ends the connection, with
 * the text of a refusal or without one.
 */
class RawCore implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #refusal: () => string | undefined;
  readonly #serving: Promise<void>;

  constructor(refusal: () => string | undefined) {
    this.#refusal = refusal;
    this.#serving = this.#serve();
  }

  get uri(): string {
    return `http://127.0.0.1:${this.#listener.addr.port}`;
  }

  async #serve(): Promise<void> {
    for (const call of ["graph", "model", "merge"]) {
      using connection = await this.#listener.accept();
      let text = "";
      const decoder = new TextDecoder();
      const buffer = new Uint8Array(64 * 1024);
      const enough = () => call === "merge" ? text.length > 200_000 : /\r\n\r\n.*$/s.test(text);
      while (!enough()) {
        text += decoder.decode(buffer.subarray(0, await connection.read(buffer) ?? 0));
      }
      const answer = call === "merge" ? this.#refusal() : "[]";
      if (answer === undefined) continue;
      const status = call === "merge" ? "400 Bad Request" : "200 OK";
      const head = `HTTP/1.1 ${status}\r\ncontent-length: ${answer.length}\r\nconnection: close`;
      await connection.write(new TextEncoder().encode(`${head}\r\n\r\n${answer}`));
      // As a core does, it reads on for as long as something comes.
      while (await connection.read(buffer).catch(() => null) !== null);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#serving;
    this.#listener.close();
  }
}
