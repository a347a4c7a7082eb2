/** How a guest parses: some guests may not make code, as compiled schemas would. */
export const PARSING = { jitless: true } as const;
