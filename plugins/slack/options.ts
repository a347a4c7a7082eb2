import { z } from "zod";

/** Options of the plugin; keys become flags `--slack-…`, variables and file keys. */
export const options = z.object({
  bot_token: z.string().min(1).optional()
    .describe("Bot token; SLACK_BOT_TOKEN by default").meta({ secret: true }),
  include_archived: z.boolean().default(false).describe("Collect archived conversations, too"),
  do_not_verify_cert: z.boolean().default(false)
    .refine((skip) => !skip, {
      error: "certificates are always verified; give your own authority with --ca-cert",
    })
    .describe("Not possible: certificates are always verified, --ca-cert adds an authority"),
  base_url: z.url({ protocol: /^https?$/ }).default("https://slack.com/api")
    .describe("Address of the API; https://slack-gov.com/api for GovSlack"),
});

/** Validated options. */
export type SlackOptions = z.output<typeof options>;

/** Variable that gives the token where no option does. */
export const TOKEN_VARIABLE = "SLACK_BOT_TOKEN";
