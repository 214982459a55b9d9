import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Passes requests on unchanged, with a key. The conformance suites cannot show one. */
export class KeyProxy implements AsyncDisposable {
  readonly #server: Server;

  private constructor(target: string, key: string) {
    const { hostname, port } = new URL(target);
    this.#server = createServer((incoming, outgoing) => {
      const headers = { ...incoming.headers, authorization: `Bearer ${key}` };
      const { method, url: path } = incoming;
      const passed = request({ hostname, port, method, path, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      passed.on('error', () => outgoing.destroy());
      outgoing.once('close', () => passed.destroy());
      incoming.pipe(passed);
    });
  }

  static async start(target: string, key: string): Promise<KeyProxy> {
    const proxy = new KeyProxy(target, key);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    return Promise.resolve();
  }
}
