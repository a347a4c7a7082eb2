import { ConfigError } from "../errors/mod.ts";
import { runApply } from "./clean_apply.ts";
import { runMarks } from "./clean_marks.ts";
import { runPlan } from "./clean_plan.ts";
import { type CleanInvocation, cleanOptions } from "./clean_options.ts";
import { defineCommand } from "./command.ts";

interface Action {
  /** What its argument is called; without, it takes none. */
  readonly argument?: string;
  readonly run: (invocation: CleanInvocation, argument: string) => Promise<number>;
}

const ACTIONS: Readonly<Record<string, Action>> = {
  plan: { run: runPlan },
  apply: { argument: "FILE", run: runApply },
  mark: { argument: "QUERY", run: (invocation, text) => runMarks(invocation, "mark", text) },
  unmark: { argument: "QUERY", run: (invocation, text) => runMarks(invocation, "unmark", text) },
  protect: { argument: "QUERY", run: (invocation, text) => runMarks(invocation, "protect", text) },
  unprotect: {
    argument: "QUERY",
    run: (invocation, text) => runMarks(invocation, "unprotect", text),
  },
};

const FORMS = Object.entries(ACTIONS).map(([name, { argument }]) =>
  argument === undefined ? name : `${name} ${argument}`
);

/** `ckworker clean …`: marks, plans and deletes. */
export const clean = defineCommand({
  name: "clean",
  summary: "marks, plans and deletes what nobody needs any more",
  usage: "plan|apply FILE|[un]mark QUERY|[un]protect QUERY",
  positionals: 2,
  options: cleanOptions,
  candidates: () => Object.keys(ACTIONS),
  collects: true,
  run: runAction,
});

function runAction(invocation: CleanInvocation): Promise<number> {
  const [name = "", argument] = invocation.positionals;
  const action = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined;
  if (action !== undefined && (argument !== undefined) === (action.argument !== undefined)) {
    return action.run(invocation, argument ?? "");
  }
  const asked = invocation.positionals.join(" ");
  throw new ConfigError(asked === "" ? "no action named" : `ckworker clean cannot ${asked}`, {
    hint: `Write one of: ${FORMS.join(", ")}; see ckworker clean --help`,
  });
}
