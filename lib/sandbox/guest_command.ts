/** First argument that makes this program a child. */
export const GUEST_COMMAND = "__guest";
