/** Growth of a full array; small, because the assembler's memory is budgeted per node. */
const FACTOR = 1.5;

interface Sized<Self> {
  readonly length: number;
  set(source: Self): void;
}

/** The same array if it holds so many elements, else a larger one with its content. */
export function grown<Array extends Sized<Array>>(
  array: Array,
  length: number,
  create: (length: number) => Array,
): Array {
  if (length <= array.length) return array;
  const larger = create(Math.max(length, Math.ceil(array.length * FACTOR)));
  larger.set(array);
  return larger;
}

/** Whole numbers below 2³² in a typed array that grows. */
export class Words {
  #array = new Uint32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#array = grown(this.#array, this.#length + 1, (length) => new Uint32Array(length));
    this.#array[this.#length++] = value;
  }

  at(index: number): number {
    return this.#array[index] ?? 0;
  }

  set(index: number, value: number): void {
    this.#array[index] = value;
  }
}

/** Texts under consecutive numbers, in order of their first use. */
export class Names {
  readonly #numbers = new Map<string, number>();
  readonly #names: string[] = [];

  number(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.#names.length;
      this.#numbers.set(name, number);
      this.#names.push(name);
    }
    return number;
  }

  /** Number of a text that has one. */
  find(name: string): number | undefined {
    return this.#numbers.get(name);
  }

  name(number: number): string {
    return this.#names[number] ?? "";
  }

  get length(): number {
    return this.#names.length;
  }
}
