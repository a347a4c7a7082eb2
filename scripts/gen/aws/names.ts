/** Property name of a member: `DBInstanceARNs` is `db_instance_arns`. */
export function snakeCase(member: string): string {
  return member
    .replace(
      /([A-Z])([A-Z]+)s(?![a-z])/g,
      (_, first: string, rest: string) => `${first}${rest.toLowerCase()}s`,
    )
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1_$2")
    .replace(/[^A-Za-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .toLowerCase();
}

/** Last word of a kind's name. */
export function lastWord(kind: string): string {
  return kind.slice(kind.lastIndexOf("_") + 1);
}
