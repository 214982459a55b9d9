import { EventEmitter } from 'node:events';

import { createLogger } from './logger.js';
import { runMain, type HostProcess } from './main.js';
import { ConfigError } from './platform.errors.js';
import type { RunningService } from './service.js';

class FakeProcess implements HostProcess {
  readonly #events = new EventEmitter();
  readonly written: string[] = [];
  readonly stderr = { write: (text: string) => this.written.push(text) };
  readonly exits: number[] = [];
  readonly ended: Promise<number>;
  #end: (code: number) => void = () => undefined;

  constructor() {
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  on(event: string, listener: (...parameters: never[]) => void): void {
    this.#events.on(event, listener as (...parameters: unknown[]) => void);
  }

  emit(event: string, ...parameters: unknown[]): void {
    this.#events.emit(event, ...parameters);
  }

  exit(code: number): void {
    this.exits.push(code);
    this.#end(code);
  }
}

function serviceThatCloses(close: () => Promise<void>): RunningService {
  return { name: 'test', url: 'http://127.0.0.1:1', close, [Symbol.asyncDispose]: close };
}

const logger = createLogger({ service: 'test', level: 'silent' });
const never = new Promise<never>(() => undefined);

/** Runs all callbacks that are ready. */
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('runMain', () => {
  it.each(['SIGINT', 'SIGTERM'])('drains on %s and exits with 0', async (signal) => {
    const host = new FakeProcess();
    let closed = 0;
    void runMain(() => Promise.resolve(serviceThatCloses(() => Promise.resolve(void (closed += 1)))), {
      host,
      logger,
    });
    await turn();
    expect(host.exits).toEqual([]);
    host.emit(signal);
    await expect(host.ended).resolves.toBe(0);
    expect(closed).toBe(1);
  });

  it('exits with 1 when the drain takes too long', async () => {
    const host = new FakeProcess();
    void runMain(() => Promise.resolve(serviceThatCloses(() => never)), { host, logger, drainTimeoutMs: 10 });
    await turn();
    const keepAlive = setTimeout(() => undefined, 10_000);
    host.emit('SIGTERM');
    await expect(host.ended).resolves.toBe(1);
    clearTimeout(keepAlive);
  });

  it('exits with 1 at once on a second signal', async () => {
    const host = new FakeProcess();
    void runMain(() => Promise.resolve(serviceThatCloses(() => never)), { host, logger });
    await turn();
    host.emit('SIGINT');
    await turn();
    expect(host.exits).toEqual([]);
    host.emit('SIGINT');
    expect(host.exits).toEqual([1]);
  });

  it('exits with 1 when closing fails', async () => {
    const host = new FakeProcess();
    void runMain(() => Promise.resolve(serviceThatCloses(() => Promise.reject(new Error('stuck')))), {
      host,
      logger,
    });
    await turn();
    host.emit('SIGTERM');
    await expect(host.ended).resolves.toBe(1);
  });

  it('aborts a start that has not finished, and exits with 0', async () => {
    const host = new FakeProcess();
    void runMain(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error));
        }),
      { host, logger },
    );
    await turn();
    host.emit('SIGTERM');
    await expect(host.ended).resolves.toBe(0);
  });

  it('closes a service when its start ends after the signal', async () => {
    const host = new FakeProcess();
    let closed = false;
    let finish: (service: RunningService) => void = () => undefined;
    void runMain(() => new Promise((resolve) => (finish = resolve)), { host, logger });
    host.emit('SIGTERM');
    finish(serviceThatCloses(() => Promise.resolve(void (closed = true))));
    await expect(host.ended).resolves.toBe(0);
    expect(closed).toBe(true);
  });

  it('prints a wrong configuration as plain lines and exits with 2', async () => {
    const host = new FakeProcess();
    const problems = [
      { variable: 'PORT', problem: 'must be a port number from 0 to 65535' },
      { variable: 'KAFKA_BROKERS', problem: 'is required' },
    ];
    await runMain(() => Promise.reject(new ConfigError(problems)), { host, logger });
    expect(host.exits).toEqual([2]);
    expect(host.written.join('')).toBe(
      'the configuration is not valid:\n  PORT must be a port number from 0 to 65535\n  KAFKA_BROKERS is required\n',
    );
  });

  it('exits with 1 when the start fails, and on an uncaught error', async () => {
    const failed = new FakeProcess();
    await runMain(() => Promise.reject(new Error('no')), { host: failed, logger });
    expect(failed.exits).toEqual([1]);

    for (const event of ['uncaughtException', 'unhandledRejection']) {
      const host = new FakeProcess();
      void runMain(() => never, { host, logger });
      host.emit(event, new Error('lost'));
      expect(host.exits).toEqual([1]);
    }
  });
});
