import { KindIndex, modelSchema, RecordMapper } from "ckworker";
import model from "./model.json" with { type: "json" };

const parsed = modelSchema.parse(model);

/** One mapper for each kind that is made of records. */
export interface Mappers {
  readonly team: RecordMapper;
  readonly user: RecordMapper;
  readonly usergroup: RecordMapper;
  readonly conversation: RecordMapper;
}

/** Properties of a user that Slack keeps in the profile. */
const OF_PROFILE = [
  "email",
  "phone",
  "status_emoji",
  "status_expiration",
  "status_text",
  "status_text_canonical",
  "title",
  "guest_invited_by",
  "first_name",
  "last_name",
  "skype",
  "display_name",
  "display_name_normalized",
  "image_24",
  "image_32",
  "image_48",
  "image_72",
  "image_192",
  "image_512",
  "real_name_normalized",
] as const;

/** Makes the mappers from the plugin's model. */
export function createMappers(): Mappers {
  const kinds = new KindIndex(parsed.kinds);
  return {
    team: new RecordMapper(kinds, {
      kind: "slack_team",
      id: "id",
      name: "name",
      from: { icon: "icon.image_original" },
    }),
    user: new RecordMapper(kinds, {
      kind: "slack_user",
      id: "id",
      // It may be empty, and stays so.
      name: "profile.display_name",
      from: {
        ...Object.fromEntries(OF_PROFILE.map((name) => [name, `profile.${name}`])),
        ctime: "updated",
        mtime: "updated",
      },
      defaults: flagsOf("slack_user"),
    }),
    usergroup: new RecordMapper(kinds, {
      kind: "slack_usergroup",
      id: "id",
      name: "name",
      from: { ctime: "date_create", mtime: "date_update" },
      defaults: flagsOf("slack_usergroup"),
    }),
    conversation: new RecordMapper(kinds, {
      kind: "slack_conversation",
      id: "id",
      name: "name",
      from: {
        topic: "topic.value",
        topic_creator: "topic.creator",
        topic_last_set: "topic.last_set",
        purpose: "purpose.value",
        purpose_creator: "purpose.creator",
        purpose_last_set: "purpose.last_set",
      },
      defaults: { ...flagsOf("slack_conversation"), topic: "", purpose: "" },
    }),
  };
}

/** A flag that Slack does not give is not set. */
function flagsOf(kind: string): Readonly<Record<string, false>> {
  const properties = parsed.kinds.find(({ name }) => name === kind)?.properties ?? [];
  const flags = properties.filter(({ type }) => type === "boolean");
  return Object.fromEntries(flags.map(({ name }) => [name, false] as const));
}
