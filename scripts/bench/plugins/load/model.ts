import type { Model } from "ckworker";

/** Kinds of the synthetic nodes. */
export const model: Model = {
  kinds: [
    { name: "load_account", bases: ["account"], properties: [] },
    { name: "load_region", bases: ["region"], properties: [] },
    {
      name: "load_thing",
      bases: ["resource"],
      properties: [
        { name: "load_index", type: "int64" },
        { name: "load_arn", type: "string" },
        { name: "load_zone", type: "string" },
        { name: "load_text", type: "string" },
        { name: "load_parts", type: "string[]" },
      ],
    },
  ],
};
