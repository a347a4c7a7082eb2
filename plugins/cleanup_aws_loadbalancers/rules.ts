import {
  type ActionGraph,
  type ActionNode,
  type Decision,
  type Generation,
  obstacle,
  queryWords,
  timeSince,
} from "ckworker";

const ELB = "aws_elb";
const ALB = "aws_alb";
const GROUP = "aws_alb_target_group";
const INSTANCE = "aws_ec2_instance";

/** Kinds whose properties the rules look at. */
export const KINDS = [ELB, ALB, GROUP, INSTANCE] as const;

/** Load balancers and target groups with their neighbours. */
export function balancersQuery(dialect: Generation): string {
  const { path, list } = queryWords(dialect);
  return `${path("reported.kind")} in ${list([ELB, ALB, GROUP])} <-[0:1]->`;
}

/**
 * Marks load balancers and target groups that are of no use. What is young, of unknown age, tagged to
 * live for ever or not sure is left alone.
 * @param limit age in milliseconds
 */
export function decideBalancers(
  graph: ActionGraph,
  limit: number,
  now: Date,
): readonly Decision[] {
  const rules = new Rules(graph, limit, now);
  const marks = new Map<string, string>();
  for (const node of graph.nodes()) {
    for (const [id, reason] of rules.marksFor(node)) if (!marks.has(id)) marks.set(id, reason);
  }
  return [...marks].map(([node, reason]) => ({ type: "mark", node, reason }));
}

/** Nodes to mark, with the reason of each. */
type Marks = readonly (readonly [id: string, reason: string])[];

const NOTHING: Marks = [];

class Rules {
  readonly #graph: ActionGraph;
  readonly #limit: number;
  readonly #now: Date;

  constructor(graph: ActionGraph, limit: number, now: Date) {
    this.#graph = graph;
    this.#limit = limit;
    this.#now = now;
  }

  marksFor(node: ActionNode): Marks {
    if (![ELB, ALB, GROUP].includes(node.kind) || !this.#mayGo(node)) return NOTHING;
    const marks = this.#unused(node);
    return marks.filter(([id]) => id !== node.id || !node.isMarked);
  }

  #unused(node: ActionNode): Marks {
    if (node.kind === GROUP) return this.#isLoose(node) ? [[node.id, LOOSE]] : NOTHING;
    if (!hasNoBackends(node)) return NOTHING;
    if (node.kind === ELB) return this.#hasLiveInstance(node) ? NOTHING : [[node.id, NO_INSTANCE]];
    const groups = this.#before(node, GROUP);
    if (groups.length === 0) return namesGroups(node) ? NOTHING : [[node.id, NO_GROUP]];
    if (!groups.every((group) => this.#isEmpty(group))) return NOTHING;
    return [
      ...groups.filter(({ isMarked }) => !isMarked).map(({ id }) => [id, EMPTY_GROUP] as const),
      [node.id, EMPTY_GROUPS],
    ];
  }

  /** Old enough, not said to stay, and free to be marked. */
  #mayGo(node: ActionNode): boolean {
    const age = timeSince(node, "ctime", this.#now);
    return age !== undefined && age >= this.#limit && node.tags["expiration"] !== "never" &&
      obstacle(node) === undefined;
  }

  /** Attached to no load balancer; its own list counts too, for one may not have been collected. */
  #isLoose(group: ActionNode): boolean {
    const named = group.reported["load_balancer_arns"];
    const namesNone = named === undefined || named === null ||
      (Array.isArray(named) && named.length === 0);
    return this.#graph.successors(group.id).length === 0 && namesNone;
  }

  /** A target group for instances behind which none lives. */
  #isEmpty(group: ActionNode): boolean {
    return group.reported["target_type"] === "instance" && this.#mayGo(group) &&
      !this.#hasLiveInstance(group);
  }

  /** One of which nobody knows whether it still is terminated may live. */
  #hasLiveInstance(node: ActionNode): boolean {
    return this.#before(node, INSTANCE).some(({ reported, isStale }) =>
      isStale || reported["instance_status"] !== "terminated"
    );
  }

  #before(node: ActionNode, kind: string): readonly ActionNode[] {
    return this.#graph.predecessors(node.id).filter((each) => each.kind === kind);
  }
}

const NO_INSTANCE = "Load balancer has no instances attached to it";
const NO_GROUP = "Load balancer has no target groups attached to it";
const LOOSE = "Target group is not attached to any load balancer";
const EMPTY_GROUP = "Target group has no instances that run";
const EMPTY_GROUPS = "Load balancer has no target group with instances that run";

/** A list that is not there says nothing. */
function hasNoBackends({ reported: { backends } }: ActionNode): boolean {
  return Array.isArray(backends) && backends.length === 0;
}

/** Its listeners name target groups, so that none was seen only means that nobody could look. */
function namesGroups({ reported: { listeners } }: ActionNode): boolean {
  return JSON.stringify(listeners ?? []).includes(":targetgroup/");
}
