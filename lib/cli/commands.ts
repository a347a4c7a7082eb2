import { clean } from "./clean.ts";
import type { Command } from "./command.ts";
import { completions } from "./completions.ts";
import { diff } from "./diff.ts";
import { doctor } from "./doctor.ts";
import { exportGraph } from "./export.ts";
import { kinds } from "./kinds.ts";
import { permissions } from "./permissions.ts";
import { plugins } from "./plugins.ts";
import { query } from "./query.ts";
import { runs } from "./runs.ts";
import { store } from "./store.ts";
import { work } from "./work.ts";

/** Every command, the one without name first; the order is that of the help text. */
export const COMMANDS: readonly Command[] = [
  work,
  runs,
  diff,
  query,
  exportGraph,
  store,
  clean,
  doctor,
  plugins,
  kinds,
  permissions,
  completions,
];
