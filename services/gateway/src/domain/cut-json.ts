import type { CutPlace } from '@action-mesh/contracts/gateway';
import { compactJson, jsonPointer, memberName, type JsonNode } from '@action-mesh/kernel';

/** A shorter value, and the places where it is shorter. */
export interface CutJson {
  /** A whole JSON value. Undefined when no part of the value fits. */
  readonly text: string | undefined;
  readonly places: readonly CutPlace[];
}

/** The most places that an answer names. */
const mostPlaces = 20;

/** A shorter text stays whole or goes as a whole: half an id or an address is of no use. */
const shortestCutBytes = 200;

/** A member with less room than this is not reduced to nothing. Members behind it give up their room. */
const leastRoomBytes = 64;

const ellipsis = '…';
const ellipsisBytes = 3;

type Path = readonly (string | number)[];

/**
 * A part of a JSON value of at most `maxBytes` in UTF-8. The part is a JSON value itself, and every number in it has
 * all its digits. `text` is the text that `root` was read from. Takes linear time, apart from the order of members.
 *
 * - An array keeps its first items.
 * - An object keeps its small members. Its large members share the room that is left.
 * - A long text keeps its beginning and ends with an ellipsis.
 */
export function cutJson(text: string, root: JsonNode, maxBytes: number): CutJson {
  const cutter = new Cutter(text);
  const part = cutter.fit(root, maxBytes, []);
  return { text: part, places: cutter.outermost() };
}

class Cutter {
  readonly #text: string;
  readonly #places: { readonly path: Path; readonly cut: Omit<CutPlace, 'pointer'> }[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  outermost(): CutPlace[] {
    return this.#places
      .sort((left, right) => left.path.length - right.path.length)
      .slice(0, mostPlaces)
      .map(({ path, cut }) => ({ pointer: jsonPointer(path), ...cut }));
  }

  /** The value in at most `room` bytes. Undefined when it does not fit. */
  fit(node: JsonNode, room: number, path: Path): string | undefined {
    if (node.bytes <= room) return compactJson(this.#text, node);
    switch (node.kind) {
      case 'array':
        return room < 2 ? undefined : this.#array(node, room, path);
      case 'object':
        return room < 2 ? undefined : this.#object(node, room, path);
      case 'string':
        return this.#string(node, room, path);
      case 'other':
        return undefined;
    }
  }

  #array({ children }: JsonNode, room: number, path: Path): string {
    const items: string[] = [];
    let left = room - 2;
    for (const item of children) {
      const separator = items.length === 0 ? 0 : 1;
      const isWhole = item.bytes + separator <= left;
      // The rest of the room would stay empty because of one large item.
      if (!isWhole && left < room / 2) break;
      const text = this.fit(item, left - separator, [...path, items.length]);
      if (text !== undefined) items.push(text);
      if (!isWhole || text === undefined) break;
      left -= item.bytes + separator;
    }
    if (items.length < children.length) this.#note(path, 'items', items.length, children.length);
    return `[${items.join(',')}]`;
  }

  #object({ children }: JsonNode, room: number, path: Path): string {
    const order = children.map((child, index) => ({ child, index, bytes: child.nameBytes + child.bytes }));
    order.sort((one, other) => one.bytes - other.bytes || one.index - other.index);
    const kept: (string | undefined)[] = children.map(() => undefined);
    // Each member is counted with its colon and a comma. The last member has no comma.
    let left = room - 1;
    let waiting = order.length;
    for (const { child, index } of order) {
      const around = child.nameBytes + 2;
      const share = Math.max(Math.floor(left / waiting), Math.min(leastRoomBytes, left));
      const text = this.fit(child, share - around, [...path, memberName(child)]);
      waiting -= 1;
      if (text === undefined) continue;
      kept[index] = `${child.name}:${text}`;
      left -= around + Buffer.byteLength(text);
    }
    const members = kept.filter((member) => member !== undefined);
    if (members.length < children.length) this.#note(path, 'members', members.length, children.length);
    return `{${members.join(',')}}`;
  }

  #string({ start, end, bytes }: JsonNode, room: number, path: Path): string | undefined {
    if (bytes <= shortestCutBytes || room < leastRoomBytes) return undefined;
    const inside = this.#text.slice(start + 1, end - 1);
    const beginning = inside.slice(0, endWithin(inside, room - 2 - ellipsisBytes));
    this.#note(path, 'bytes', Buffer.byteLength(beginning), bytes - 2);
    return `"${beginning}${ellipsis}"`;
  }

  #note(path: Path, unit: CutPlace['unit'], kept: number, of: number): void {
    this.#places.push({ path, cut: { unit, kept, of } });
  }
}

/** Where a JSON string, without its quotation marks, ends within `maxBytes`. It splits no escape and no character. */
function endWithin(inside: string, maxBytes: number): number {
  let bytes = 0;
  let at = 0;
  while (at < inside.length) {
    const units = characterUnits(inside, at);
    bytes += Buffer.byteLength(inside.slice(at, at + units));
    if (bytes > maxBytes) return at;
    at += units;
  }
  return at;
}

/** The length of the character or escape at `at`. Two halves of a surrogate pair are one character. */
function characterUnits(inside: string, at: number): number {
  if (inside[at] !== '\\') return (inside.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  if (inside[at + 1] !== 'u') return 2;
  return /^\\u[dD][89abAB]..\\u[dD][c-fC-F]/.test(inside.slice(at, at + 12)) ? 12 : 6;
}
