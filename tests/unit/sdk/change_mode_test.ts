import assert from "node:assert/strict";
import { ChangeError } from "../../../lib/errors/mod.ts";
import type { GuestPort } from "../../../lib/sdk/guest_port.ts";
import { GuestSession } from "../../../lib/sdk/guest_session.ts";
import type { ChangeContext, Changer, GuestMessage } from "../../../lib/sdk/mod.ts";
import { changeNode } from "../../support/change_node.ts";

const START = {
  type: "start",
  mode: "change",
  cloud: "c",
  options: {},
  now: "2026-01-02T03:04:05.000Z",
  budgets: [],
};
const SET = { type: "setTag", key: "owner", value: "lisa" } as const;

type MakeChanger = (context: Omit<ChangeContext<unknown>, "options">) => Promise<Changer>;

/** A session in change mode whose host is the test. */
function serve(changer?: MakeChanger) {
  const messages: GuestMessage[] = [];
  const waiting: (() => void)[] = [];
  let tell: (data: unknown) => void = () => {};
  const port: GuestPort = {
    name: "acme",
    post: (message) => {
      messages.push(message);
      for (const wake of waiting.splice(0)) wake();
    },
    listen: (receive) => {
      tell = receive;
    },
  };
  new GuestSession(port, {
    load: () => Promise.resolve(changer === undefined ? {} : { changer }),
  });
  const said = async (type: GuestMessage["type"], count = 1): Promise<readonly GuestMessage[]> => {
    for (;;) {
      const found = messages.filter((message) => message.type === type);
      if (found.length >= count) return found;
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  };
  tell(START);
  return {
    messages,
    said,
    tell,
    ask: (id: number, change: object = SET) =>
      tell({ type: "change", id, node: changeNode(), change }),
  };
}

function fixed(change: Changer["change"]): MakeChanger {
  return () => Promise.resolve({ change });
}

Deno.test("ChangeMode answers each change, in any order, and ends at the stop", async () => {
  const first = Promise.withResolvers<void>();
  let closed = 0;
  const host = serve(() =>
    Promise.resolve({
      change: async (_node, change) => {
        if (change.type === "delete") await first.promise;
        return {
          outcome: "done",
          ...(change.type === "setTag" ? { tags: { owner: "lisa" } } : {}),
        };
      },
      close: () => {
        closed++;
        return Promise.resolve();
      },
    })
  );
  await host.said("serving");
  host.ask(1, { type: "delete" });
  host.ask(2);
  await host.said("changed");
  first.resolve();
  await host.said("changed", 2);
  host.tell({ type: "stop", reason: "enough" });
  await host.said("done");
  assert.deepEqual(host.messages, [
    { type: "ready" },
    { type: "serving" },
    { type: "changed", id: 2, result: { outcome: "done", tags: { owner: "lisa" } } },
    { type: "changed", id: 1, result: { outcome: "done" } },
    { type: "done" },
  ]);
  assert.equal(closed, 1);
});

Deno.test("ChangeMode finishes what runs when it is stopped, and begins nothing more", async () => {
  const release = Promise.withResolvers<void>();
  const aborted: boolean[] = [];
  const host = serve(fixed(async (_node, _change, signal) => {
    await release.promise;
    aborted.push(signal.aborted);
    return { outcome: "done" };
  }));
  await host.said("serving");
  host.ask(1);
  host.tell({ type: "stop", reason: "enough" });
  host.ask(2);
  const [late] = await host.said("changed");
  assert.ok(late?.type === "changed" && late.id === 2 && late.error !== undefined);
  release.resolve();
  await host.said("done");
  assert.deepEqual(aborted, [false]);
});

Deno.test("ChangeMode hands errors over with their code, and goes on", async () => {
  const host = serve(
    fixed((_node, change) =>
      change.type === "delete"
        ? Promise.reject(new ChangeError("unsupported", "Nothing is deleted here"))
        : change.type === "prepare"
        ? Promise.reject(new Error('Requires net access to "x:1", run again with --allow-net'))
        : Promise.resolve({ outcome: "done" })
    ),
  );
  await host.said("serving");
  host.ask(1, { type: "delete" });
  host.ask(2, { type: "prepare" });
  host.ask(3);
  const answers = await host.said("changed", 3);
  const codes = answers.map((each) =>
    each.type === "changed" ? each.error?.code ?? each.result?.outcome : ""
  );
  assert.deepEqual(codes.sort(), ["change.unsupported", "done", "sandbox.denied"]);
});

Deno.test("ChangeMode aborts the signal of a cancelled change alone", async () => {
  const host = serve(fixed((node, _change, signal) =>
    new Promise((resolve, reject) => {
      signal.addEventListener("abort", () => reject(signal.reason));
      if (node.id === "never") resolve({ outcome: "gone" });
    })
  ));
  await host.said("serving");
  host.ask(1);
  host.ask(2);
  host.tell({ type: "cancel", id: 1 });
  host.tell({ type: "cancel", id: 99 });
  const [answer] = await host.said("changed");
  assert.ok(answer?.type === "changed" && answer.id === 1);
  assert.equal(answer.error?.code, "cancelled");
  assert.equal(host.messages.filter(({ type }) => type === "changed").length, 1);
});

Deno.test("ChangeMode reports a plugin that cannot change anything", async () => {
  const without = serve();
  const [none] = await without.said("error");
  assert.ok(none?.type === "error" && /changes nothing/.test(none.error.message));
  const broken = serve(() => Promise.reject(new Error("no keys")));
  const [error] = await broken.said("error");
  assert.ok(error?.type === "error" && /no keys/.test(error.error.message));
});

Deno.test("ChangeMode ends a changer that is still being made when it is stopped", async () => {
  const host = serve((context) =>
    new Promise((_, reject) => {
      context.signal.addEventListener("abort", () => reject(context.signal.reason));
      host.tell({ type: "stop", reason: "enough" });
    })
  );
  await host.said("error");
  assert.equal(host.messages.some(({ type }) => type === "serving"), false);
});
