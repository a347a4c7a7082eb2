import { KindIndex, modelSchema, type RawRecord, RecordMapper } from "ckworker";
import model from "./model.json" with { type: "json" };
import { spanText } from "./time_span.ts";

/** One mapper for each kind that is made of records. */
export interface Mappers {
  readonly user: RecordMapper;
  readonly group: RecordMapper;
  readonly role: RecordMapper;
}

/**
 * Makes the mappers from the plugin's model.
 * @param now for the age of passwords
 */
export function createMappers(now: Date): Mappers {
  const kinds = new KindIndex(modelSchema.parse(model).kinds);
  return {
    user: new RecordMapper(kinds, {
      kind: "onelogin_user",
      id: "id",
      name: "username",
      from: {
        user_id: "id",
        // Version 1 of the API has another name for it.
        role_ids: (user) => user["role_ids"] ?? user["role_id"],
        ctime: "created_at",
        atime: "last_login",
        mtime: "updated_at",
        password_age: (user) => ageOf(user, now),
      },
    }),
    group: new RecordMapper(kinds, {
      kind: "onelogin_group",
      id: "id",
      name: "name",
      from: { group_reference: "reference" },
    }),
    role: new RecordMapper(kinds, { kind: "onelogin_role", id: "id", name: "name" }),
  };
}

function ageOf(user: RawRecord, now: Date): string | undefined {
  const changed = user["password_changed_at"];
  const ms = typeof changed === "string" ? now.getTime() - Date.parse(changed) : NaN;
  return Number.isNaN(ms) ? undefined : spanText(ms);
}
