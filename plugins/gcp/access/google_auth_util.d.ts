/** The part of google-auth-library/build/src/util.js that this plugin uses, where there is one. */
export const suppressAdcWarning: unknown;
