/**
 * Third schema: what clean-ups do.
 *
 * - `flags.rule` is who set the mark: the name of a rule that sets its marks anew each time, or empty
 *   for a mark that a person set. `flags.cleaned_at` is when a clean-up last deleted the node.
 * - `cleanups` is the journal of plans that are carried out: what was begun with and what was done, by
 *   the hash of the plan and the text of the node's identity.
 */
export const SCHEMA_V3 = `
ALTER TABLE flags ADD COLUMN rule TEXT NOT NULL DEFAULT '';
ALTER TABLE flags ADD COLUMN cleaned_at TEXT;
CREATE TABLE cleanups(
  plan TEXT NOT NULL, node TEXT NOT NULL,
  state TEXT NOT NULL, detail TEXT NOT NULL, at TEXT NOT NULL,
  PRIMARY KEY(plan, node)) STRICT, WITHOUT ROWID;
`;
