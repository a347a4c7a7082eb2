/** Id and name of the only account. */
export const ACCOUNT = "GitHub";

/** The only region. */
export const REGION = { id: "Global", name: "Global" } as const;
