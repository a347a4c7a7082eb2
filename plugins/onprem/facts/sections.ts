import { type Part, PARTS } from "./command.ts";

/** What a host told in one part. */
export interface Section {
  readonly text: string;
  /** What it complained about; empty where all went well. */
  readonly errors: string;
  /** Exit code of the part. */
  readonly code: number;
}

/** The parts of an answer; one that the host did not end is absent. */
export type Sections = Readonly<Partial<Record<Part, Section>>>;

/** Takes an answer apart. What does not stand between the marks of a part is nobody's. */
export function readSections(stdout: string, stderr: string, mark: string): Sections {
  const texts = split(stdout, mark);
  const errors = split(stderr, mark);
  const sections: Partial<Record<Part, Section>> = {};
  for (const part of PARTS) {
    const whole = texts.get(part);
    const end = whole === undefined ? -1 : whole.lastIndexOf(`\n${mark} = `);
    if (whole === undefined || end < 0) continue;
    const code = Number(whole.slice(end + mark.length + 4).trim());
    sections[part] = {
      text: whole.slice(0, end),
      errors: (errors.get(part) ?? "").trim(),
      code: Number.isInteger(code) ? code : -1,
    };
  }
  return sections;
}

/** Text by part, each up to the next one's beginning. */
function split(text: string, mark: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  const names: readonly string[] = PARTS;
  let name: string | undefined;
  let from = 0;
  // A beginning is a line of its own, or follows what the host printed before without a line end.
  for (
    const { index, 0: line, 1: found = "" } of text.matchAll(
      new RegExp(`${mark} (\\w+)\\r?\\n`, "g"),
    )
  ) {
    if (name !== undefined) parts.set(name, text.slice(from, index));
    name = names.includes(found) ? found : undefined;
    from = index + line.length;
  }
  if (name !== undefined) parts.set(name, text.slice(from));
  return parts;
}
