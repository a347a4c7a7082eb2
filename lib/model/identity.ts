/**
 * What a node is, whatever it is called: the name is not part of it, so that a rename leaves it.
 * Missing places are the text `undefined`, as in node ids.
 */
export interface NodeIdentity {
  readonly kind: string;
  readonly cloud: string;
  readonly account: string;
  readonly region: string;
  readonly zone: string;
  readonly id: string;
  /** The name for kinds that derive from `region`, where an id alone does not tell two apart; else empty. */
  readonly twin: string;
}

/** Text form of an identity; the same for the same node, and only for it. */
export function identityText(of: NodeIdentity): string {
  return JSON.stringify([of.kind, of.cloud, of.account, of.region, of.zone, of.id, of.twin]);
}

/** An identity and nothing beside it. */
export function identityOf(of: NodeIdentity): NodeIdentity {
  const { kind, cloud, account, region, zone, id, twin } = of;
  return { kind, cloud, account, region, zone, id, twin };
}
