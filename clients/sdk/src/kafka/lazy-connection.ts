import { ConnectionFailedError } from '../mesh.errors.js';

/**
 * A connection that opens at its first use.
 *
 * - KL1: a failed opening, and a connection that broke for good, is forgotten, so the next use opens another one.
 * - KL2: after `close` no connection is open and none opens, also when it was just opening.
 */
export class LazyConnection<Connection extends { disconnect(): Promise<void> }> {
  readonly #open: (closed: AbortSignal) => Promise<Connection>;
  readonly #closed = new AbortController();
  #opening: Promise<Connection> | undefined;

  /** `open` gives up when its signal fires. */
  constructor(open: (closed: AbortSignal) => Promise<Connection>) {
    this.#open = open;
  }

  /** Throws `ConnectionFailedError` after `close`. */
  async get(): Promise<Connection> {
    this.#refuseIfClosed();
    const opening = (this.#opening ??= this.#open(this.#closed.signal));
    try {
      const connection = await opening;
      this.#refuseIfClosed();
      return connection;
    } catch (error) {
      this.#refuseIfClosed();
      if (this.#opening === opening) this.#opening = undefined;
      throw error;
    }
  }

  #refuseIfClosed(): void {
    if (this.#closed.signal.aborted) throw clientClosed();
  }

  /** Forgets the connection, which has ended by itself. */
  forget(): void {
    this.#opening = undefined;
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = undefined;
    this.#closed.abort();
    // The failure of an opening is the error of its user.
    const connection = await opening?.catch(() => undefined);
    await connection?.disconnect();
  }
}

/** The error of a use that a `close` ended. */
export function clientClosed(callId?: string): ConnectionFailedError {
  return new ConnectionFailedError('client_closed', 'The client over Kafka is closed.', {
    callId,
    fixes: [
      callId === undefined
        ? 'Make a new `KafkaMesh`.'
        : 'The call runs on. Look it up by `mesh.calls.get(error.callId)`.',
    ],
  });
}
