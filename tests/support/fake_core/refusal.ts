import type { CoreDialect } from "./dialect.ts";

/** Why a core does not do what it was asked for, as the answer that it gives. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: string;

  /** @param type name of the exception in the core; the body is the text alone without one */
  constructor(status: number, type: string | undefined, message: string) {
    super(`${type ?? status}: ${message}`);
    this.status = status;
    this.body = type === undefined ? message : `Error: ${type}\nMessage: ${message}`;
  }

  response(): Response {
    return new Response(this.body, {
      status: this.status,
      headers: { "content-type": "text/plain; charset=utf-8" },
    });
  }
}

/** Nearly everything that goes wrong inside a core is a 400 with the exception's name. */
export function refuse(type: string, message: string): Refusal {
  return new Refusal(400, type, message);
}

/** The first thing wrong in an upload ends the import; the message is the exception as Python prints it. */
export function importAborted(exception: string, text?: string): Refusal {
  const shown = text === undefined ? `${exception}()` : `${exception}(${pythonText(text)})`;
  return refuse("ImportAborted", shown);
}

export function unauthorized(): Refusal {
  return new Refusal(401, undefined, "401: Unauthorized");
}

/** Nothing is served at this path. */
export function unknownPath(dialect: CoreDialect): Refusal {
  return dialect === "ckcore"
    ? refuse("HTTPNotFound", "Not Found")
    : new Refusal(404, undefined, "404: Not Found");
}

export function unknownGraph(name: string): Refusal {
  return new Refusal(404, "NoSuchGraph", `No graph with this name: ${name}`);
}

function pythonText(text: string): string {
  return text.includes("'") && !text.includes('"') ? `"${text}"` : `'${text.replace(/'/g, "\\'")}'`;
}
