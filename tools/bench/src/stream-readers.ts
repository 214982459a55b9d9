import { connect, type Socket } from 'node:net';

import { waitFor } from '@action-mesh/testing';

const outcomeEvent = Buffer.from('\nevent: outcome\n');

/** Readers of `GET /v1/outcomes` that count outcomes. They use plain sockets, which cost the machine little. */
export class StreamReaders implements AsyncDisposable {
  /** The outcomes that all readers got. */
  outcomes = 0;
  /** Connections that the gateway has ended. */
  ended = 0;
  readonly #sockets: Socket[] = [];
  #begun = 0;

  /** Opens one stream for each query. Resolves when every reader follows. */
  async open(gatewayUrl: string, key: string, queries: readonly string[]): Promise<void> {
    const { host, hostname, port } = new URL(gatewayUrl);
    for (const query of queries) {
      const socket = connect(Number(port), hostname);
      this.#sockets.push(socket);
      let isBegun = false;
      socket.on('data', (bytes) => {
        if (!isBegun && bytes.indexOf('HTTP/1.1 200') === 0) this.#begun += 1;
        isBegun = true;
        for (let at = bytes.indexOf(outcomeEvent); at !== -1; at = bytes.indexOf(outcomeEvent, at + 1))
          this.outcomes += 1;
      });
      socket.on('error', () => undefined).on('close', () => (this.ended += 1));
      socket.write(
        `GET /v1/outcomes${query} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${key}\r\naccept: text/event-stream\r\n\r\n`,
      );
    }
    await waitFor(() => this.#begun === queries.length, { what: 'all readers', timeoutMs: 60_000 });
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    return Promise.resolve();
  }
}
