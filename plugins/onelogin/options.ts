import { z } from "zod";
import { REGION } from "./region.ts";

const text = () => z.string().min(1).optional();

/** Options of the plugin; keys become flags `--onelogin-…`, variables and file keys. */
export const options = z.object({
  region: z.string().regex(REGION, "must be a region such as us or eu").optional()
    .describe("Region of the API").meta({ defaultText: "ONELOGIN_REGION, else us" }),
  client_id: text().describe("Client id; ONELOGIN_CLIENT_ID by default"),
  client_secret: text().describe("Client secret; ONELOGIN_CLIENT_SECRET by default")
    .meta({ secret: true }),
  base_url: z.url({ protocol: /^https?$/ }).optional().describe("Address of the API")
    .meta({ defaultText: "that of the region" }),
});

/** Validated options. */
export type OneLoginOptions = z.output<typeof options>;
