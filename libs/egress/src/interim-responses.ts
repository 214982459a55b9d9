import type { Socket } from 'node:net';

/** The most bytes of informational responses before the final one. */
const maxInterimBytes = 32_768;
const prefix = Buffer.from('HTTP/1.');
/** The length of `HTTP/1.1 100`. */
const statusEnd = 12;
const headEnd = '\r\n\r\n';
const nothing: Buffer = Buffer.alloc(0);

/**
 * Removes informational responses (RFC 9110, section 15.2) from the bytes that a connection receives. Undici closes a
 * connection on an unexpected `100 Continue` and so loses the final response behind it. A 101 stays in: the mesh never
 * asks for one.
 *
 * The filter looks only at the head of a response. So a connection may carry one request at a time, and undici must
 * write the request in one tick. Undici does so for bodies that are not streams.
 */
export function skipInterimResponses<Connection extends Socket>(socket: Connection): Connection {
  const read = socket.read.bind(socket) as (size?: number) => Buffer | null;
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
  const filter = new InterimFilter();
  socket.write = (...args: unknown[]): boolean => {
    filter.expectHead();
    return write(...args);
  };
  socket.read = (size?: number): Buffer | null => {
    for (;;) {
      const chunk = read(size);
      if (chunk === null) return null;
      const rest = filter.pass(chunk);
      if (rest.length > 0) return rest;
      if (filter.hasTooMuch) {
        socket.destroy(new Error(`informational responses took more than ${maxInterimBytes} bytes`));
        return null;
      }
    }
  };
  return socket;
}

/**
 * Time and memory are linear in the received bytes. Of an informational head, the filter holds at most the last three
 * bytes.
 */
class InterimFilter {
  #phase: 'start' | 'interim' | 'final' = 'final';
  /** The beginning of a head of unknown kind, or the last received bytes of an informational head. */
  #held: Buffer = nothing;
  #skipped = 0;

  expectHead(): void {
    if (this.#phase !== 'final') return;
    this.#phase = 'start';
    this.#held = nothing;
    this.#skipped = 0;
  }

  get hasTooMuch(): boolean {
    return this.#skipped > maxInterimBytes;
  }

  /** The part of the received bytes that belongs to the parser. */
  pass(chunk: Buffer): Buffer {
    if (this.#phase === 'final') return chunk;
    let bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk]);
    this.#held = nothing;
    while (!this.hasTooMuch) {
      if (this.#phase === 'start') {
        const kind = kindOf(bytes);
        if (kind === 'open') return this.#hold(bytes);
        this.#phase = kind;
        if (kind === 'final') return bytes;
      }
      const end = bytes.indexOf(headEnd);
      if (end === -1) {
        const tail = bytes.subarray(Math.max(0, bytes.length - headEnd.length + 1));
        this.#skipped += bytes.length - tail.length;
        return this.#hold(tail);
      }
      this.#skipped += end + headEnd.length;
      this.#phase = 'start';
      bytes = bytes.subarray(end + headEnd.length);
    }
    return nothing;
  }

  #hold(bytes: Buffer): Buffer {
    // A copy: a view of a few bytes would keep the whole received buffer in memory.
    this.#held = Buffer.from(bytes);
    return nothing;
  }
}

/** `open`: too short to decide. Bytes that are not HTTP count as final, and the parser refuses them at once. */
function kindOf(bytes: Buffer): 'interim' | 'final' | 'open' {
  const known = Math.min(bytes.length, prefix.length);
  if (bytes.compare(prefix, 0, known, 0, known) !== 0) return 'final';
  if (bytes.length > 8 && bytes[8] !== 0x20) return 'final';
  if (bytes.length > 9 && bytes[9] !== 0x31) return 'final';
  if (bytes.length < statusEnd) return 'open';
  return bytes.toString('latin1', 9, statusEnd) === '101' ? 'final' : 'interim';
}
