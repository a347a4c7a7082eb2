import { CallFault, type Verdict } from "ckworker";
import { type Session, SessionLost } from "./session.ts";
import { elements, joined, type Markup, typed } from "./soap.ts";
import { type ObjectContent, type Reference, textOf, toObject, toReference } from "./values.ts";
import { child, children, type XmlElement } from "./xml.ts";

const RETRIEVE = "RetrievePropertiesEx";
const CONTINUE = "ContinueRetrievePropertiesEx";
/** Objects in an answer. */
const PAGE = 100;
/** How often a list is begun, where its session was lost in the middle. */
const STARTS = 3;

/** Which properties of which objects are asked for. */
export interface Query {
  /** Type of the managed objects; those of derived types are found along. */
  readonly type: string;
  readonly paths: readonly string[];
}

/**
 * Objects of a type below the root folder, page by page. When the session is lost between two pages
 * the list begins anew; objects that were given already are not given again.
 * @throws CallFault when it failed for good; what came before is no whole list
 */
export async function* listObjects(
  session: Session,
  query: Query,
): AsyncGenerator<readonly (ObjectContent | undefined)[]> {
  const seen = new Set<string>();
  for (let start = 1;; start++) {
    try {
      for await (const page of listOnce(session, query)) {
        const fresh = page.filter((each) => each === undefined || !seen.has(each.id));
        for (const each of fresh) if (each !== undefined) seen.add(each.id);
        yield fresh;
      }
      return;
    } catch (error) {
      if (!(error instanceof SessionLost)) throw error;
      if (start < STARTS) continue;
      throw session.fault(
        `vsphere:${CONTINUE}`,
        "SessionLost",
        "the session is lost again and again",
      );
    }
  }
}

async function* listOnce(
  session: Session,
  query: Query,
): AsyncGenerator<readonly (ObjectContent | undefined)[]> {
  const { viewManager, rootFolder, propertyCollector } = session.content;
  const parameters = elements(
    ["container", rootFolder],
    ["type", query.type],
    ["recursive", true],
  );
  const made = await session.call("CreateContainerView", viewManager, { parameters });
  // What follows is about a view that goes with its session.
  const { number } = session;
  const view = toReference(child(made, "returnval"));
  if (view === undefined) {
    throw session.fault("vsphere:CreateContainerView", "NoView", "the answer names no view");
  }
  const given = new Set<string | undefined>();
  try {
    let call = RETRIEVE;
    let answer = await session.call(call, propertyCollector, {
      parameters: joined(filter(query, viewSet(view)), elements(["options", pageSize()])),
      session: number,
    });
    for (;;) {
      const { objects, next } = readPage(session, `vsphere:${call}`, answer);
      if (objects.some(isSessionOver)) {
        session.expire(number);
        throw new SessionLost();
      }
      yield objects;
      if (next === undefined) return;
      // Whether a token may come twice is nowhere said, but each page brings something.
      const before = given.size;
      for (const object of objects) given.add(object?.id);
      if (given.size === before) {
        throw session.fault(`vsphere:${call}`, "NoEnd", "the list goes on and brings nothing new");
      }
      call = CONTINUE;
      answer = await session.call(call, propertyCollector, {
        parameters: elements(["token", next]),
        session: number,
      });
    }
  } finally {
    if (session.number === number) await destroyView(session, view, number);
  }
}

/** The server forgets it with the session at the latest. */
async function destroyView(session: Session, view: Reference, number: number): Promise<void> {
  try {
    await session.call("DestroyView", view, { session: number });
  } catch (error) {
    if (!(error instanceof CallFault || error instanceof SessionLost)) throw error;
  }
}

/**
 * Properties of one object; undefined when there is no such object.
 * @throws CallFault
 */
export async function readObject(
  session: Session,
  object: Reference,
  paths: readonly string[],
): Promise<ObjectContent | undefined> {
  const set = elements(["obj", object], ["skip", false]);
  const query = { type: object.type, paths };
  try {
    const answer = await session.call(RETRIEVE, session.content.propertyCollector, {
      parameters: joined(filter(query, set), elements(["options", elements()])),
    });
    const found = readPage(session, `vsphere:${RETRIEVE}`, answer).objects[0];
    if (isSessionOver(found)) {
      session.expire(session.number);
      throw session.faultOf(`vsphere:${RETRIEVE}`, SESSION_OVER);
    }
    if (found?.id === object.id) return found;
    throw session.fault(`vsphere:${RETRIEVE}`, "NoObject", `the answer is not about ${object.id}`);
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** Whether an error says that an object is not there, or not any more. */
export function isNotFound(error: unknown): boolean {
  return error instanceof CallFault && error.verdict.code === "ManagedObjectNotFound";
}

const SESSION_OVER: Verdict = {
  fault: "expired_credentials",
  code: "NotAuthenticated",
  message: "the session is over",
};

/** A session that ends during a call can show as properties that cannot be read. */
function isSessionOver(object: ObjectContent | undefined): boolean {
  return object?.missing.some(({ fault }) => fault.type === "NotAuthenticated") === true;
}

function readPage(session: Session, call: string, answer: XmlElement): {
  readonly objects: readonly (ObjectContent | undefined)[];
  readonly next: string | undefined;
} {
  const result = child(answer, "returnval");
  // An answer without any content is how a server says that there is nothing.
  if (result === undefined && (answer.children.length > 0 || answer.text.trim() !== "")) {
    throw session.fault(call, "NoList", "the answer is no list of objects");
  }
  return { objects: children(result, "objects").map(toObject), next: textOf(result, "token") };
}

/** What is asked for, in the order that the schema has. */
function filter({ type, paths }: Query, objects: Markup): Markup {
  const properties = elements(
    ["type", type],
    ["all", false],
    ...paths.map((path) => ["pathSet", path] as const),
  );
  return elements(["specSet", elements(["propSet", properties], ["objectSet", objects])]);
}

/** The objects that a view shows, and not the view itself. */
function viewSet(view: Reference): Markup {
  const traversal = elements(
    ["name", "view"],
    ["type", "ContainerView"],
    ["path", "view"],
    ["skip", false],
  );
  return joined(
    elements(["obj", view], ["skip", true]),
    typed("selectSet", "TraversalSpec", traversal),
  );
}

function pageSize(): Markup {
  return elements(["maxObjects", PAGE]);
}
