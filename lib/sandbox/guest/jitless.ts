import { z } from "zod";

/**
 * zod compiles schemas to code where it can, and decides that when a schema is made. In a guest that
 * makes no code of text this has to be off before the first schema, hence on import.
 */
export const JITLESS = z.config({ jitless: true });
