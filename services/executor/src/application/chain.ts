/** A place in a chain; a value has one for each chain that it may stand in. */
export class Link<T> {
  previous: Link<T> | undefined;
  next: Link<T> | undefined;
  isIn = false;

  constructor(readonly value: T) {}
}

/** A queue that can be left from anywhere. Every operation takes the same short time, however long it is. */
export class Chain<T> {
  #first: Link<T> | undefined;
  #last: Link<T> | undefined;
  #length = 0;

  get first(): Link<T> | undefined {
    return this.#first;
  }

  get length(): number {
    return this.#length;
  }

  /** Puts it at the end, where it is not in already. */
  append(link: Link<T>): void {
    if (link.isIn) return;
    link.isIn = true;
    link.previous = this.#last;
    if (this.#last === undefined) this.#first = link;
    else this.#last.next = link;
    this.#last = link;
    this.#length += 1;
  }

  remove(link: Link<T>): void {
    if (!link.isIn) return;
    if (link.previous === undefined) this.#first = link.next;
    else link.previous.next = link.next;
    if (link.next === undefined) this.#last = link.previous;
    else link.next.previous = link.previous;
    link.isIn = false;
    link.previous = undefined;
    link.next = undefined;
    this.#length -= 1;
  }

  /** The first becomes the last. */
  rotate(): void {
    const first = this.#first;
    if (first === undefined || first === this.#last) return;
    this.remove(first);
    this.append(first);
  }
}
