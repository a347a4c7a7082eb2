import assert from "node:assert/strict";
import {
  type Action,
  type ActionContext,
  ActionListener,
  type DialectName,
} from "../../lib/core/mod.ts";
import type { ActionCore } from "./action_core.ts";
import { loopbackConnection } from "./loopback_connection.ts";
import { ManualClock } from "./manual_clock.ts";
import { RecordingLogger } from "./recording_logger.ts";
import { settle } from "./until.ts";

interface StageOptions {
  readonly dialect?: DialectName;
  readonly port?: () => number;
  readonly concurrency?: number;
  readonly extra?: readonly string[];
}

/** A listener whose actions run until the test ends them. */
export function actionStage(core: ActionCore, options: StageOptions = {}) {
  const { dialect = "ckcore", port = () => core.port, concurrency = 1, extra = [] } = options;
  const clock = new ManualClock();
  const log = new RecordingLogger();
  const began: Action[] = [];
  const running: { action: Action; context: ActionContext; end: PromiseWithResolvers<void> }[] = [];
  const listener = new ActionListener({
    connection: loopbackConnection(port),
    dialect: () => Promise.resolve(dialect),
    subscriber: "worker-collect_cleanup",
    actions: ["collect", "cleanup", ...extra].map((name) => ({
      name,
      timeoutSeconds: 10_800,
      waitForCompletion: true,
    })),
    handle: async (action, context) => {
      const end = Promise.withResolvers<void>();
      began.push(action);
      running.push({ action, context, end });
      await end.promise;
    },
    describe: (error) => error instanceof Error ? error.message : "?",
    concurrency,
    clock,
    log,
  });
  const stop = new AbortController();
  const over = listener.run(stop.signal);
  return {
    listener,
    clock,
    log,
    began,
    running,
    over,
    stop,
    [Symbol.asyncDispose]: async () => {
      await listener.close();
      for (const { end } of running) end.resolve();
      await over;
      await settle();
      assert.deepEqual(clock.asleep, [], "no timer is left");
    },
  };
}

/** What came, for comparing. */
export function actionNames(actions: readonly Action[]): readonly string[] {
  return actions.map(({ task, messageType }) => `${task} ${messageType}`);
}
