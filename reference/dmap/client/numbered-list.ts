/** Things with sequence numbers: from 1, with gaps, and those behind a removed one move down (section 3.2). */

/** A run of numbers; null while none of them has an item. */
interface Block<Item> {
  length: number;
  items: (Item | undefined)[] | null;
}

/** Numbers of a block: whatever a server removes or skips, and how often, costs one block and a look at the others. */
const blockSize = 1_024;

export class NumberedList<Item> {
  #blocks: Block<Item>[] = [];
  #length = 0;

  get(number: number): Item | undefined {
    const place = this.#place(number);
    return place?.block.items?.[place.at];
  }

  set(number: number, item: Item): void {
    while (this.#length < number) {
      this.#blocks.push({ length: blockSize, items: null });
      this.#length += blockSize;
    }
    const place = this.#place(number);
    if (place === null) return;
    place.block.items ??= new Array<Item | undefined>(place.block.length).fill(undefined);
    place.block.items[place.at] = item;
  }

  /** Everything behind `number` moves down. */
  remove(number: number): void {
    const place = this.#place(number);
    if (place === null) return;
    place.block.items?.splice(place.at, 1);
    place.block.length -= 1;
    this.#length -= 1;
    if (place.block.length === 0) this.#blocks = this.#blocks.filter(({ length }) => length > 0);
  }

  /** In ascending order, without the gaps. */
  *entries(): Generator<readonly [number: number, item: Item]> {
    let before = 0;
    for (const { length, items } of this.#blocks) {
      for (const [at, item] of (items ?? []).entries()) {
        if (item !== undefined) yield [before + at + 1, item];
      }
      before += length;
    }
  }

  #place(number: number): { readonly block: Block<Item>; readonly at: number } | null {
    if (number < 1 || number > this.#length) return null;
    let at = number - 1;
    for (const block of this.#blocks) {
      if (at < block.length) return { block, at };
      at -= block.length;
    }
    return null;
  }
}
