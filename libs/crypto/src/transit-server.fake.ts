import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A Transit engine with one AEAD key, for tests. It answers as the documented API does. */
export class FakeTransitServer implements AsyncDisposable {
  readonly url: string;
  /** Bodies of the requests, in their order. */
  readonly requests: Readonly<Record<string, string>>[] = [];
  /** Answers every request with this status. */
  failWith: number | undefined;
  readonly #close: () => Promise<void>;

  private constructor(url: string, close: () => Promise<void>) {
    this.url = url;
    this.#close = close;
  }

  static async start(keyName: string, token: string): Promise<FakeTransitServer> {
    const key = randomBytes(32);
    const server = createServer((request, response) => {
      void readJson(request).then((body) => {
        fake.requests.push(body);
        const [status, answer] =
          fake.failWith === undefined
            ? answerTo(request, body, { keyName, token, key })
            : [fake.failWith, { errors: [] }];
        send(response, status, answer);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const fake = new FakeTransitServer(
      `http://127.0.0.1:${port}`,
      () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    );
    return fake;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#close();
  }
}

interface Engine {
  readonly keyName: string;
  readonly token: string;
  readonly key: Buffer;
}

function answerTo(
  request: IncomingMessage,
  body: Readonly<Record<string, string>>,
  { keyName, token, key }: Engine,
): [number, unknown] {
  if (request.headers['x-vault-token'] !== token) return [403, { errors: ['permission denied'] }];
  const aad = Buffer.from(body['associated_data'] ?? '', 'base64');
  if (request.url === `/v1/transit/encrypt/${keyName}`) {
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', key, iv);
    cipher.setAAD(aad);
    const sealed = Buffer.concat([
      cipher.update(Buffer.from(body['plaintext'] ?? '', 'base64')),
      cipher.final(),
    ]);
    const text = Buffer.concat([iv, sealed, cipher.getAuthTag()]).toString('base64');
    return [200, { data: { ciphertext: `vault:v1:${text}`, key_version: 1 } }];
  }
  if (request.url === `/v1/transit/decrypt/${keyName}`) {
    try {
      const bytes = Buffer.from((body['ciphertext'] ?? '').replace('vault:v1:', ''), 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
      decipher.setAAD(aad);
      decipher.setAuthTag(bytes.subarray(-16));
      const plain = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
      return [200, { data: { plaintext: plain.toString('base64') } }];
    } catch {
      return [400, { errors: ['cipher: message authentication failed'] }];
    }
  }
  return [404, { errors: [] }];
}

async function readJson(request: IncomingMessage): Promise<Record<string, string>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return JSON.parse(Buffer.concat(pieces).toString('utf8')) as Record<string, string>;
}

function send(response: ServerResponse, status: number, answer: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
}
