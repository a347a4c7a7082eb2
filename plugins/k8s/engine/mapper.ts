import { DescribedMapper, type DescribedMapping, type Hide, WIRE_TYPES, wireText } from "ckworker";

const TYPES = {
  ...WIRE_TYPES,
  // Kubernetes allows a number where a share or a name could stand.
  int_or_string: (value: unknown) => typeof value === "number" ? String(value) : wireText(value),
} as const;

/** Makes what reads the properties of objects. */
export function createMapper(mapping: DescribedMapping, hide: Hide): DescribedMapper {
  return new DescribedMapper(mapping, { types: TYPES, hide });
}
