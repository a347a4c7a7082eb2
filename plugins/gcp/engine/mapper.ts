import {
  DescribedMapper,
  type DescribedMapping,
  WIRE_TYPES,
  wireMismatch,
  wireText,
  wireTime,
} from "ckworker";

const TYPES = {
  ...WIRE_TYPES,
  string: textOf,
  int64: integerOf,
  datetime: (value: unknown) => wireTime(textOf(value)),
} as const;

/** Makes what reads the properties of objects. */
export function createMapper(mapping: DescribedMapping): DescribedMapper {
  return new DescribedMapper(mapping, { types: TYPES });
}

/** Ids are texts here and numbers there. */
function textOf(value: unknown): string {
  return typeof value === "number" ? String(value) : wireText(value);
}

/** Large numbers are texts on the wire. One that no double holds exactly is none that can be told. */
function integerOf(value: unknown): number {
  const number = typeof value === "string" && /^-?\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isSafeInteger(number) ? number : wireMismatch();
}
