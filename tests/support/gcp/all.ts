import { resources } from "../../../plugins/gcp/resources/mod.ts";

/** Options by which all is collected that can be: what has to be named, too. */
export const ALL = {
  collect: [
    "default",
    ...resources.flatMap(({ collector, onRequest }) => onRequest === true ? collector ?? [] : []),
  ],
};
