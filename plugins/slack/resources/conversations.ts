import { BadRecord, type ListingSink, type RawRecord, type Reference } from "ckworker";
import pMap from "p-map";
import { AT_ONCE, collectInRegion, type SlackRun } from "../run.ts";

const CALL = "slack:conversations.list";

/** Channels that the bot may see, with edges from their members. */
export function collectConversations(run: SlackRun): Promise<void> {
  const { client, context, mappers } = run;
  const values = {
    types: "public_channel,private_channel",
    exclude_archived: !context.options.include_archived,
    limit: 200,
  };
  return collectInRegion(run, "conversations", "slack_conversation", CALL, async (sink) => {
    for await (const page of client.pages("conversations.list", "channels", values)) {
      await pMap(page, async (conversation) => {
        await sink.record(
          mappers.conversation,
          conversation,
          (record) => edgesOf(run, record, sink),
        );
      }, { concurrency: AT_ONCE });
    }
  });
}

/** Members who cannot be listed stay as they were. */
async function edgesOf(run: SlackRun, { id }: RawRecord, sink: ListingSink) {
  const edges: Reference[] = [];
  try {
    const values = { channel: String(id), limit: 999 };
    for await (const page of run.client.pages("conversations.members", "members", values)) {
      edges.push(...page.map(fromUser));
    }
    return { edges };
  } catch (error) {
    sink.unread(error);
    return { keep: ["$edges"] };
  }
}

function fromUser(value: unknown): Reference {
  if (typeof value !== "string" || value === "") throw new BadRecord("a member has no id");
  return { direction: "from", kind: "slack_user", by: "id", value };
}
