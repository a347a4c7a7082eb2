/** An object of an API, or a part of one, as it came from the wire. */
export type Raw = Readonly<Record<string, unknown>>;
