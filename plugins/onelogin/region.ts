/** What a region looks like: it comes from a variable, too, and must not lead to another host. */
export const REGION = /^[a-z][a-z0-9-]*$/;
