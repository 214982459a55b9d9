import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect, type Socket } from 'node:net';

import {
  Controller,
  Get,
  Inject,
  Module,
  type DynamicModule,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';

import { HealthChecks } from './health.js';
import { createLogger } from './logger.js';
import { startService, type ServiceOptions } from './service.js';

/** The events of the service, in order. */
let events: string[] = [];
let release: () => void = () => undefined;
let tell: () => void = () => undefined;

beforeEach(() => {
  events = [];
});

@Controller('things')
class ThingsController implements OnApplicationShutdown {
  constructor(@Inject(HealthChecks) checks: HealthChecks) {
    checks.register({ name: 'thing', ready: () => (events.includes('warm') ? undefined : 'is cold') });
  }

  @Get('slow')
  async slow(): Promise<{ readonly done: boolean }> {
    events.push('request begins');
    await new Promise<void>((resolve) => (release = resolve));
    events.push('request ends');
    return { done: true };
  }

  @Get('until-told')
  async untilTold(): Promise<void> {
    events.push('request begins');
    await new Promise<void>((resolve) => (tell = resolve));
  }

  beforeApplicationShutdown(): void {
    events.push('before shutdown');
    release();
  }

  onApplicationShutdown(): void {
    events.push('shutdown');
  }
}

@Module({})
class ThingsModule {}

class FakeTransport extends Server implements CustomTransportStrategy {
  readonly #failure: Error | undefined;

  constructor(failure?: Error) {
    super();
    this.#failure = failure;
  }

  listen(callback: (error?: unknown) => void): void {
    events.push('transport listens');
    callback(this.#failure);
  }

  close(): void {
    events.push('transport closes');
  }

  on(): void {
    throw new Error('not supported');
  }

  unwrap(): never {
    throw new Error('not supported');
  }
}

const module: DynamicModule = { module: ThingsModule, controllers: [ThingsController] };
const options: ServiceOptions = {
  name: 'test',
  module,
  port: 0,
  logger: createLogger({ service: 'test', level: 'silent' }),
};

/** Resolves when the address refuses connections. */
async function untilClosed(url: string): Promise<void> {
  const listens = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(Number(new URL(url).port), '127.0.0.1', () => resolve(true));
      socket.once('error', () => resolve(false)).once('connect', () => socket.destroy());
    });
  while (await listens()) await new Promise((resolve) => setImmediate(resolve));
}

describe('startService', () => {
  it('listens on a port of the system and answers health', async () => {
    await using service = await startService(options);
    expect(service.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const live = await fetch(`${service.url}/health/live`);
    expect([live.status, await live.json()]).toEqual([200, { status: 'ok' }]);
    const cold = await fetch(`${service.url}/health/ready`);
    expect([cold.status, await cold.json()]).toEqual([
      503,
      { status: 'unavailable', problems: { thing: 'is cold' } },
    ]);
    events.push('warm');
    expect((await fetch(`${service.url}/health/ready`)).status).toBe(200);
  });

  it('stops in order: requests are answered, then transports close, then providers', async () => {
    const service = await startService({ ...options, microservices: [new FakeTransport()] });
    const answer = fetch(`${service.url}/things/slow`);
    while (!events.includes('request begins')) await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([service.close(), service.close()]);
    expect((await answer).status).toBe(200);
    expect(events).toEqual([
      'transport listens',
      'request begins',
      'before shutdown',
      'request ends',
      'transport closes',
      'shutdown',
    ]);
    await expect(fetch(`${service.url}/health/live`)).rejects.toThrow();
  });

  it('waits for requests, and closes connections without one', async () => {
    const service = await startService(options);
    const agent = new Agent({ keepAlive: true });
    const status = new Promise((resolve) => {
      get(`${service.url}/things/until-told`, { agent }, (response) =>
        response.resume().once('end', () => resolve(response.statusCode)),
      );
    });
    while (!events.includes('request begins')) await new Promise((resolve) => setImmediate(resolve));
    const closing = service.close();
    await untilClosed(service.url);
    tell();
    await closing;
    expect(await status).toBe(200);
    agent.destroy();
  });

  it('leaves nothing open when a transport cannot start', async () => {
    const failure = new Error('no broker');
    await expect(startService({ ...options, microservices: [new FakeTransport(failure)] })).rejects.toBe(
      failure,
    );
    expect(events).toEqual(['transport listens', 'before shutdown', 'transport closes', 'shutdown']);
  });

  it('gives up when it must stop while a transport still connects', async () => {
    const stop = new AbortController();
    const reason = new Error('told to stop');
    const transport = new FakeTransport();
    transport.listen = () => stop.abort(reason);
    const starting = startService({ ...options, microservices: [transport], signal: stop.signal });
    await expect(starting).rejects.toBe(reason);
    expect(events).toEqual(['before shutdown', 'transport closes', 'shutdown']);
  });

  it('closes its providers even when a transport fails to close, and reports the failure', async () => {
    const transport = new FakeTransport();
    const failure = new Error('stuck');
    transport.close = () => {
      throw failure;
    };
    const service = await startService({ ...options, microservices: [transport] });
    await expect(service.close()).rejects.toMatchObject({ errors: [failure] });
    expect(events).toEqual(['transport listens', 'before shutdown', 'shutdown']);
  });

  it('closes a connection that sends no whole head within 10 s [I12]', async () => {
    await using service = await startService(options);
    const startedAt = performance.now();
    const silent = connectionTo(service.url);
    const slow = connectionTo(service.url);
    slow.write('GET /health/live HTTP/1.1\r\nHost: ');
    await Promise.all([closed(silent), closed(slow)]);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  }, 30_000);

  it('answers 408 to a body that does not come in time, and closes the connection [I12]', async () => {
    await using service = await startService({ ...options, http: { requestTimeoutMs: 10_000 } });
    const startedAt = performance.now();
    const slow = connectionTo(service.url);
    let answer = '';
    slow.on('data', (part) => (answer += String(part)));
    slow.write(
      'POST /things HTTP/1.1\r\nHost: test\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
    );
    const drip = setInterval(() => slow.write(' '), 50);
    await closed(slow);
    clearInterval(drip);
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(performance.now() - startedAt).toBeLessThan(15_000);
  }, 30_000);

  it('closes idle connections to make room for new ones [I12]', async () => {
    await using service = await startService(options);
    const held: Socket[] = [];
    try {
      for (let count = 0; count < 4_096; count += 1) {
        const socket = connectionTo(service.url);
        held.push(socket);
        // The client keeps the connection open after the answer.
        socket.write('GET /health/live HTTP/1.1\r\nHost: test\r\n\r\n');
        if (count % 64 === 63) await Promise.all(held.slice(-64).map((each) => once(each, 'data')));
      }
      const refused = connectionTo(service.url);
      await closed(refused);
      expect((await fetch(`${service.url}/health/live`)).status).toBe(200);
    } finally {
      for (const socket of held) socket.destroy();
    }
  }, 60_000);

  it('names the reason when its port is taken', async () => {
    await using first = await startService(options);
    const port = Number(new URL(first.url).port);
    await expect(startService({ ...options, port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('answers an unreadable path', async () => {
    await using service = await startService(options);
    expect((await fetch(`${service.url}/things/%zz`)).status).toBe(400);
  });
});

function connectionTo(url: string): Socket {
  const { hostname, port } = new URL(url);
  // A reset by the server counts as a closed connection too.
  return connect(Number(port), hostname).on('error', () => undefined);
}

async function closed(socket: Socket): Promise<void> {
  socket.resume();
  if (!socket.closed) await once(socket, 'close');
}
