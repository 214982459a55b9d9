/** One server-sent event. */
export interface ServerEvent {
  /** The place in the stream behind this event. */
  readonly id: string | undefined;
  readonly event: string;
  readonly data: string;
}

/** The longest event, in characters: outcomes are below 1 MB. A longer one is no event of a mesh. */
const longestEvent = 4_194_304;

/**
 * Parses `text/event-stream` in pieces of any size, in linear time (HTML Living Standard, 9.2.6). An event without data
 * counts too, since its id is a place to continue from.
 */
export class EventParser {
  /** The parts of a line whose end has not come. They are joined once, so that a long line costs linear time. */
  #parts: string[] = [];
  #id: string | undefined;
  #event = '';
  #data: string[] = [];
  /** The characters of the present event so far. */
  #length = 0;

  /** The events that end in this piece. Throws `RangeError` for an endless one. */
  push(piece: string): ServerEvent[] {
    const events: ServerEvent[] = [];
    const [rest = '', ...lines] = piece.split('\n').reverse();
    for (const end of lines.reverse()) {
      const line = [...this.#parts, end].join('');
      this.#parts = [];
      this.#length += end.length;
      const event = this.#take(line.endsWith('\r') ? line.slice(0, -1) : line);
      if (event !== undefined) events.push(event);
    }
    this.#parts.push(rest);
    this.#length += rest.length;
    if (this.#length > longestEvent) throw new RangeError('An event is too long.');
    return events;
  }

  #take(line: string): ServerEvent | undefined {
    if (line === '') return this.#finish();
    const colon = line.indexOf(':');
    if (colon === 0) return undefined;
    const name = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? '' : line.slice(line.charAt(colon + 1) === ' ' ? colon + 2 : colon + 1);
    if (name === 'id') this.#id = value;
    else if (name === 'event') this.#event = value;
    else if (name === 'data') this.#data.push(value);
    return undefined;
  }

  #finish(): ServerEvent | undefined {
    const hasContent = this.#data.length > 0 || this.#id !== undefined;
    const event = { id: this.#id, event: this.#event || 'message', data: this.#data.join('\n') };
    this.#id = undefined;
    this.#event = '';
    this.#data = [];
    this.#length = 0;
    return hasContent ? event : undefined;
  }
}
