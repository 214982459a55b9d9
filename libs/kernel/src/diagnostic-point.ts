import { channel, type Channel } from 'node:diagnostics_channel';

/**
 * A named place in the code that publishes to the channel of its name in `node:diagnostics_channel`. Without subscribers,
 * a publish costs one comparison, and the fields are not computed.
 */
export class DiagnosticPoint<Fields extends object> {
  /** The name of the channel: `mesh:executor:after_response`. */
  readonly name: string;
  readonly #channel: Channel;

  constructor(name: string) {
    this.name = name;
    this.#channel = channel(name);
  }

  /** Calls the subscribers before it returns. */
  publish(fields: () => Fields): void {
    if (this.#channel.hasSubscribers) this.#channel.publish(fields());
  }

  /** Calls the subscribers after this turn of the event loop. By then the system has all bytes written in this turn. */
  publishAfterTurn(fields: () => Fields): void {
    if (this.#channel.hasSubscribers) setImmediate(() => this.publish(fields));
  }
}
