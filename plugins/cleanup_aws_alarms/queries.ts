import { type Generation, queryWords } from "ckworker";

const INSTANCE = "aws_ec2_instance";

/** Alarms that may be marked. */
export function alarmsQuery(dialect: Generation): string {
  const { path, text, untouched } = queryWords(dialect);
  return `${path("reported.kind")} == ${text("aws_cloudwatch_alarm")} and ${untouched}`;
}

/** Instances with these ids, wherever they are. */
export function instancesQuery(dialect: Generation, ids: readonly string[]): string {
  const { path, text, list } = queryWords(dialect);
  return `${path("reported.kind")} == ${text(INSTANCE)} and ${path("reported.id")} in ${list(ids)}`;
}

/** How many instances are known in each region of each account, fresh and stale apart. */
export function placesQuery(dialect: Generation): string {
  const { path, text } = queryWords(dialect);
  const groups = [
    `${path("ancestors.account.reported.id")} as account`,
    `${path("ancestors.region.reported.id")} as region`,
    `${path("metadata.stale")} as stale`,
  ];
  return `aggregate(${groups.join(", ")}: sum(1) as instances): ` +
    `${path("reported.kind")} == ${text(INSTANCE)}`;
}
