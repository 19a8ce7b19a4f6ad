/** Things with sequence numbers: from 1, with gaps, and those behind a removed one move down (section 3.2). */

/** Entries of a block; removing costs one block and a look at the others, whatever the server removes and how often. */
const blockSize = 1_024;

export class NumberedList<Item> {
  /** All but the last are never longer than blockSize, and may become shorter. */
  #blocks: (Item | undefined)[][] = [];
  #length = 0;

  /** The highest number that has, or had, an item. */
  get length(): number {
    return this.#length;
  }

  get(number: number): Item | undefined {
    const place = this.#place(number);
    return place?.block[place.at];
  }

  set(number: number, item: Item): void {
    while (this.#length < number) {
      const last = this.#blocks.at(-1);
      if (last === undefined || last.length >= blockSize) this.#blocks.push([undefined]);
      else last.push(undefined);
      this.#length += 1;
    }
    const place = this.#place(number);
    if (place !== null) place.block[place.at] = item;
  }

  /** Everything behind `number` moves down. */
  remove(number: number): void {
    const place = this.#place(number);
    if (place === null) return;
    place.block.splice(place.at, 1);
    this.#length -= 1;
    if (place.block.length === 0) this.#blocks = this.#blocks.filter((block) => block.length > 0);
  }

  /** In ascending order, without the gaps. */
  *entries(): Generator<readonly [number: number, item: Item]> {
    let number = 0;
    for (const block of this.#blocks) {
      for (const item of block) {
        number += 1;
        if (item !== undefined) yield [number, item];
      }
    }
  }

  #place(number: number): { readonly block: (Item | undefined)[]; readonly at: number } | null {
    if (number < 1 || number > this.#length) return null;
    let at = number - 1;
    for (const block of this.#blocks) {
      if (at < block.length) return { block, at };
      at -= block.length;
    }
    return null;
  }
}
