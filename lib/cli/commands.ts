import type { Command } from "./command.ts";
import { completions } from "./completions.ts";
import { kinds } from "./kinds.ts";
import { once } from "./once.ts";
import { permissions } from "./permissions.ts";
import { plugins } from "./plugins.ts";

/** Every command, the one without name first; the order is that of the help text. */
export const COMMANDS: readonly Command[] = [once, plugins, kinds, permissions, completions];
