import { importService } from "../../../plugins/aws/client/clients.ts";
import type { Paging } from "../../../plugins/aws/client/pages.ts";
import type { ServiceName } from "../../../plugins/aws/services.ts";
import { readShape, type Shape } from "./shape.ts";

/** What the SDK knows of one operation. */
export interface OperationFacts {
  readonly input: Shape;
  readonly output: Shape;
  /** Undefined when it has no pages. */
  readonly paging: Paging | undefined;
}

/** Asks the SDK's clients about operations; each is asked once. */
export class Sdk {
  readonly #known = new Map<string, Promise<OperationFacts>>();

  /** @throws Error when the service has no such operation */
  operation(service: ServiceName, operation: string): Promise<OperationFacts> {
    const call = `${service}:${operation}`;
    let facts = this.#known.get(call);
    if (facts === undefined) {
      facts = read(service, operation);
      this.#known.set(call, facts);
    }
    return facts;
  }
}

async function read(service: ServiceName, operation: string): Promise<OperationFacts> {
  const [module, client] = await importService(service);
  const schema: unknown = Reflect.get(module, `${operation}$`);
  if (!Array.isArray(schema)) throw new Error(`${service} has no operation ${operation}`);
  return {
    input: readShape(schema[4], service),
    output: readShape(schema[5], service),
    paging: await readPaging(module, client, operation),
  };
}

/** Lets the SDK's paginator walk over one page and watches which members it uses. */
async function readPaging(
  module: object,
  client: string,
  operation: string,
): Promise<Paging | undefined> {
  const paginate: unknown = Reflect.get(module, `paginate${operation}`);
  const constructor: unknown = Reflect.get(module, `${client}Client`);
  if (typeof paginate !== "function" || typeof constructor !== "function") return undefined;
  const token = "first token";
  const inputs: object[] = [];
  const answered: string[] = [];
  const fake = Object.create(constructor.prototype, {
    send: {
      value: (command: object) => {
        inputs.push({ ...Reflect.get(command, "input") });
        return Promise.resolve(spy("", answered));
      },
    },
  });
  const walk: AsyncGenerator<unknown> = paginate({ client: fake, startingToken: token }, {});
  await walk.next();
  await walk.next();
  await walk.return(undefined);
  const input = Object.entries(inputs[0] ?? {}).find(([, value]) => value === token)?.[0];
  const answer = answered.at(-1);
  return input === undefined || answer === undefined ? undefined : [input, answer];
}

/** An answer that has every member and notes which were read. */
function spy(path: string, answered: string[]): object {
  return new Proxy({}, {
    get(_, name) {
      if (typeof name !== "string" || name === "then") return undefined;
      const inner = path === "" ? name : `${path}.${name}`;
      answered.push(inner);
      return spy(inner, answered);
    },
  });
}
