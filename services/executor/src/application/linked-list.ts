/** A node of a list. A value has one node for each list that may hold it. */
export class ListNode<T> {
  previous: ListNode<T> | undefined;
  next: ListNode<T> | undefined;
  isLinked = false;

  readonly value: T;

  constructor(value: T) {
    this.value = value;
  }
}

/** A doubly linked list. Each operation takes constant time, including removal from the middle. */
export class LinkedList<T> {
  #first: ListNode<T> | undefined;
  #last: ListNode<T> | undefined;
  #length = 0;

  get first(): ListNode<T> | undefined {
    return this.#first;
  }

  get length(): number {
    return this.#length;
  }

  /** Puts the node at the end, unless the list already holds it. */
  append(node: ListNode<T>): void {
    if (node.isLinked) return;
    node.isLinked = true;
    node.previous = this.#last;
    if (this.#last === undefined) this.#first = node;
    else this.#last.next = node;
    this.#last = node;
    this.#length += 1;
  }

  remove(node: ListNode<T>): void {
    if (!node.isLinked) return;
    if (node.previous === undefined) this.#first = node.next;
    else node.previous.next = node.next;
    if (node.next === undefined) this.#last = node.previous;
    else node.next.previous = node.previous;
    node.isLinked = false;
    node.previous = undefined;
    node.next = undefined;
    this.#length -= 1;
  }

  /** Moves the first node to the end. */
  rotate(): void {
    const first = this.#first;
    if (first === undefined || first === this.#last) return;
    this.remove(first);
    this.append(first);
  }
}
