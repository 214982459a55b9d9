import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { jest } from '@jest/globals';
import { ComponentStartError } from '../src/devstack.errors.js';
import { readConfig } from '../src/config.js';
import { isKafkaInstalled } from '../src/native/kafka-distribution.js';
import { startNativeKafka, startNativeRun } from '../src/native/native-stack.js';
import { findPrograms } from '../src/native/programs.js';
import { probeKafka, probePostgres, probeRedis } from '../src/probes.js';
import { isAlive, isPaused } from '../src/run/process-identity.js';
import { readRunRecord } from '../src/run/run-record.js';
import { provide } from '../src/start-devstack.js';
import { OwnCheckout, allDead, firstLine, until } from './own-checkout.js';

jest.setTimeout(90_000);

/** True while the System V segment of this PostgreSQL exists. A crash would leave it behind. */
function hasSharedMemory(segment: string): boolean {
  const list = spawnSync('ipcs', ['-m'], { encoding: 'utf8' }).stdout;
  return list.split('\n').some((line) => line.split(/\s+/)[1] === segment);
}

function sharedMemoryOf(folder: string): string {
  const recorded = readRunRecord(folder)?.processes.find(({ name }) => name === 'postgres');
  const line = readFileSync(recorded?.postmasterFile ?? '', 'utf8').split('\n')[6] ?? '';
  return line.trim().split(/\s+/)[1] ?? '';
}

describe('parallel stacks', () => {
  it('answer on ports of their own, and end independently', async () => {
    using own = new OwnCheckout();
    const start = () => provide({}, readConfig(own.environment), own.checkout, undefined);
    const [one, two] = await Promise.all([start(), start()]);
    const started = own.processes();
    expect(started).toHaveLength(8); // Supervisor, Kafka, PostgreSQL and Redis, twice.
    expect(one.kafkaBrokers).not.toEqual(two.kafkaBrokers);

    await one.stop();

    await probeKafka(two.kafkaBrokers);
    await probePostgres(two.databaseUrl);
    await probeRedis(two.redisUrl ?? '');
    await two.stop();
    expect(allDead(started)).toBe(true);
    expect(own.runFolders()).toEqual([]);
  });

  it('may install Kafka at the same time', async () => {
    using own = new OwnCheckout({ kafkaInstalled: false });
    expect(await isKafkaInstalled(own.checkout)).toBe(false);
    const lines: string[] = [];
    const options = { need: ['kafka'] as const, report: (line: string) => lines.push(line) };
    const start = () => provide(options, readConfig(own.environment), own.checkout, undefined);
    const [one, two] = await Promise.all([start(), start()]);
    expect(lines.filter((line) => line.includes('resolving the jars'))).toHaveLength(2);
    expect(readdirSync(own.checkout.kafkaFolder)).toHaveLength(1);
    await Promise.all([probeKafka(one.kafkaBrokers), probeKafka(two.kafkaBrokers)]);
    await Promise.all([one.stop(), two.stop()]);
    expect(own.runFolders()).toEqual([]);
  });
});

describe('no process is left running', () => {
  it.each(['SIGKILL', 'SIGINT'] as const)('after %s of the program that owns the stack', async (signal) => {
    using own = new OwnCheckout();
    const owner = own.start('./stack-owner');
    await firstLine(owner);
    const started = own.processes();
    expect(started.filter((one) => isAlive(one))).toHaveLength(4);
    const segment = sharedMemoryOf(own.runFolders()[0] ?? '');
    expect(hasSharedMemory(segment)).toBe(true);

    owner.kill(signal);

    await until('every process ended', () => allDead(started));
    await until('the data folder deleted', () => own.runFolders().length === 0);
    expect(hasSharedMemory(segment)).toBe(false);
  });

  it('after SIGKILL of the owner while the stack starts', async () => {
    using own = new OwnCheckout();
    const owner = own.start('./stack-owner');
    await until('a first server runs', () => own.processes().length > 1);
    owner.kill('SIGKILL');
    const started = own.processes();
    await until('the data folder deleted', () => own.runFolders().length === 0);
    await until('every process ended', () => allDead(started));
  });

  it('after SIGKILL of the supervisor, since its owner clears up', async () => {
    using own = new OwnCheckout();
    const need = ['postgres', 'redis'] as const;
    const stack = await provide({ need }, readConfig(own.environment), own.checkout, undefined);
    const started = own.processes();
    process.kill(supervisorOf(own), 'SIGKILL');
    await stack.ended;
    expect(allDead(started)).toBe(true);
    expect(own.runFolders()).toEqual([]);
  });

  it('once the next run has started, after SIGKILL of owner, supervisor and PostgreSQL at once', async () => {
    using own = new OwnCheckout();
    const owner = own.start('./stack-owner', ['postgres', 'redis']);
    await firstLine(owner);
    const started = own.processes();
    const [folder = ''] = own.runFolders();
    const segment = sharedMemoryOf(folder);
    const postgres = readRunRecord(folder)?.processes.find(({ name }) => name === 'postgres');
    owner.kill('SIGSTOP'); // The owner must not act between the two signals.
    await until('the owner is paused', () => isPaused(owner.pid ?? 0));
    process.kill(supervisorOf(own), 'SIGKILL');
    process.kill(postgres?.pid ?? 0, 'SIGKILL');
    owner.kill('SIGKILL');
    expect(allDead(started)).toBe(false);
    expect(hasSharedMemory(segment)).toBe(true);

    const config = readConfig(own.environment);
    const next = await provide({ need: ['redis'] }, config, own.checkout, undefined);
    await next.stop();

    expect(allDead(started)).toBe(true);
    expect(existsSync(folder)).toBe(false);
    expect(hasSharedMemory(segment)).toBe(false);
  });

  it('after a component failed to start, with its log in the error', async () => {
    using own = new OwnCheckout();
    const { environment } = readConfig(own.environment);
    const run = await startNativeRun(own.checkout, environment);
    const properties = { 'num.io.threads': 'many' };
    const starting = startNativeKafka(own.checkout, run, await findPrograms(environment), () => undefined, {
      properties,
    });
    await expect(starting).rejects.toThrow(ComponentStartError);
    await expect(starting).rejects.toThrow(/num\.io\.threads/);
    await run.end();
    expect(own.runFolders()).toEqual([]);
  });

  it('after the start was aborted', async () => {
    using own = new OwnCheckout();
    const abort = new AbortController();
    const starting = provide({ signal: abort.signal }, readConfig(own.environment), own.checkout, undefined);
    await until('a first server runs', () => own.processes().length > 1);
    const started = own.processes();
    abort.abort();
    await expect(starting).rejects.toThrow(/abort/);
    expect(allDead(started)).toBe(true);
    expect(own.runFolders()).toEqual([]);
  });
});

function supervisorOf(own: OwnCheckout): number {
  const [folder = ''] = own.runFolders();
  return readRunRecord(folder)?.supervisor.pid ?? 0;
}

describe('a process that ends at once', () => {
  it('is known to have ended, also when its start and its end are reported together', async () => {
    using own = new OwnCheckout();
    const run = await startNativeRun(own.checkout, own.environment);
    try {
      const starting = run.spawn('a short step', { name: 'short', command: 'true', args: [] });
      // This process receives nothing meanwhile, as on a busy machine. Afterwards both messages are there.
      const busyUntilMs = performance.now() + 1_000;
      while (performance.now() < busyUntilMs);
      const step = await starting;
      await until('the end of the step', () => step.hasExited(), 5_000);
      expect(await step.exited).toEqual({ code: 0, signal: null });
    } finally {
      await run.end();
    }
  });
});
