import type { Invocation } from "./command.ts";

type Printing = Pick<Invocation, "host">;

/** Prints what the command was asked for. */
export function print({ host }: Printing, text: string): void {
  host.io.stdout.write(text);
}

/** Prints data for machines. */
export function printJson(invocation: Printing, data: unknown): void {
  print(invocation, `${JSON.stringify(data, null, 2)}\n`);
}
