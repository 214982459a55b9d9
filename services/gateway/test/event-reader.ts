import { request, type ClientRequest, type IncomingMessage } from 'node:http';

import { waitFor } from '@action-mesh/testing';

import { apiKey } from './gateway-harness.js';

export interface SeenEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

export interface EventReaderOptions {
  readonly query?: string;
  readonly key?: string;
  readonly lastEventId?: string | undefined;
  /** False: the reader takes nothing from its connection. */
  readonly isReading?: boolean;
}

/** A reader of server-sent events that keeps them. It does not connect again by itself. */
export class EventReader implements Disposable {
  readonly events: SeenEvent[] = [];
  /** The last received id. */
  lastEventId = '';
  isClosed = false;
  /** Begins to read from the connection. */
  read: () => void = () => undefined;
  readonly #request: ClientRequest;
  #rest = '';

  private constructor(sent: ClientRequest) {
    this.#request = sent;
    sent.on('error', () => (this.isClosed = true)).on('close', () => (this.isClosed = true));
  }

  static async open(url: string, options: EventReaderOptions = {}): Promise<EventReader> {
    const { query = '', key = apiKey, lastEventId, isReading = true } = options;
    const sent = request(`${url}/v1/outcomes${query}`, {
      agent: false,
      headers: {
        authorization: `Bearer ${key}`,
        accept: 'text/event-stream',
        ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
      },
    });
    const reader = new EventReader(sent);
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      sent.on('response', resolve).on('error', reject).end();
    });
    if (response.statusCode !== 200) throw new Error(`the answer is ${response.statusCode ?? 0}`);
    response.on('error', () => undefined);
    reader.read = () => void response.setEncoding('utf8').on('data', (text: string) => reader.#take(text));
    if (!isReading) return reader;
    reader.read();
    await waitFor(() => reader.lastEventId !== '', { what: 'the first id' });
    return reader;
  }

  /** The JSON of the outcomes. */
  get outcomes(): readonly Readonly<Record<string, unknown>>[] {
    return this.named('outcome').map(({ data }) => JSON.parse(data) as Record<string, unknown>);
  }

  get callIds(): readonly string[] {
    return this.outcomes.map((outcome) => String(outcome['call_id']));
  }

  named(name: string): readonly SeenEvent[] {
    return this.events.filter(({ event }) => event === name);
  }

  close(): void {
    this.#request.destroy();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #take(text: string): void {
    const blocks = (this.#rest + text).split('\n\n');
    this.#rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = block
        .split('\n')
        .map((line) => [line.split(': ', 1)[0] ?? '', line.slice(line.indexOf(': ') + 2)]);
      const field = (name: string): string =>
        fields.flatMap(([given, value]) => (given === name ? [value] : [])).join('\n');
      if (field('id') !== '') this.lastEventId = field('id');
      if (field('data') !== '')
        this.events.push({ id: field('id'), event: field('event'), data: field('data') });
    }
  }
}
