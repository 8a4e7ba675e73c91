/** The last `size` of something, oldest first. */
export class Ring<T> {
  #items: T[] = [];
  readonly #size: number;

  constructor(size: number) {
    this.#size = size;
  }

  push(item: T): void {
    this.#items.push(item);
    // Cut in blocks: a shift for each push would copy the whole array each time.
    if (this.#items.length > this.#size * 2) this.#items = this.#items.slice(-this.#size);
  }

  all(): T[] {
    return this.#items.slice(-this.#size);
  }

  clear(): void {
    this.#items = [];
  }
}
