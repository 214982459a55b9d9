import { existsSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { jest } from '@jest/globals';
import { identifyProcess } from '../src/run/process-identity.js';
import { OwnCheckout, allDead, firstLine, until } from './own-checkout.js';

jest.setTimeout(90_000);

const cli = '../src/cli';

interface Status {
  readonly up: boolean;
  readonly answers: boolean;
  readonly pid: number;
  readonly kafkaBrokers: string[];
  readonly databaseUrl: string;
}

describe('npm run stack', () => {
  it('starts a stack that outlives the command, serves others, and goes down', async () => {
    using own = new OwnCheckout();
    const up = await own.run(cli, ['up']);
    expect(up).toMatchObject({ code: 0, error: '' });
    expect(up.out).toMatch(/kafka: +Apache Kafka .*, native, at 127\.0\.0\.1:\d+, \d+\.\d s/);
    const started = own.processes();

    const { out, code } = await own.run(cli, ['status', '--json']);
    const status = JSON.parse(out) as Status;
    expect({ code, ...status }).toMatchObject({ code: 0, up: true, answers: true });

    const background = identifyProcess(status.pid);
    const user = own.start('./stack-owner');
    expect(JSON.parse(await firstLine(user))).toMatchObject({
      kafkaBrokers: status.kafkaBrokers,
      databaseUrl: status.databaseUrl,
    });
    user.kill('SIGINT');
    expect((await own.run(cli, ['up'])).out).toContain('already up');

    const asked = await own.run(cli, ['down']);
    expect(asked).toMatchObject({ code: 2, out: '' });
    expect(asked.error).toContain('This deletes the data of the background stack.');
    expect(asked.error).toContain('--yes');
    expect((await own.run(cli, ['status'])).code).toBe(0);

    const down = await own.run(cli, ['down', '--yes']);
    expect(down).toMatchObject({ code: 0, out: 'The stack is down.\n' });
    expect(allDead([...started, background])).toBe(true);
    expect(own.runFolders()).toEqual([]);
    expect(existsSync(own.checkout.stackFile)).toBe(false);
    expect(await own.run(cli, ['status'])).toMatchObject({ code: 1, out: 'No stack is up.\n' });
  });

  it('clears up when the process behind the stack is killed, and forgets the record', async () => {
    using own = new OwnCheckout();
    await own.run(cli, ['up']);
    const started = own.processes();
    const { pid } = JSON.parse((await own.run(cli, ['status', '--json'])).out) as Status;

    process.kill(pid, 'SIGKILL');

    await until('every process ended', () => allDead(started));
    await until('the data folder deleted', () => own.runFolders().length === 0);
    expect(await own.run(cli, ['status'])).toMatchObject({ code: 1, out: 'No stack is up.\n' });
    expect(existsSync(own.checkout.stackFile)).toBe(false);
  });

  it('gives up when the command is interrupted before the stack is up', async () => {
    using own = new OwnCheckout();
    const up = own.start(cli, ['up']);
    await until('a first server runs', () => own.processes().length > 1);
    const started = own.processes();
    up.kill('SIGINT');
    await until('the data folder deleted', () => own.runFolders().length === 0);
    await until('every process ended', () => allDead(started));
    expect(existsSync(own.checkout.stackFile)).toBe(false);
  });

  it('does not accept a stale record as a stack, even when its pid lives again', async () => {
    using own = new OwnCheckout();
    const owner = { ...identifyProcess(process.pid), startedAt: 'before' };
    const addresses = { databaseUrl: 'postgres://127.0.0.1:1/mesh' };
    const record = { host: hostname(), owner, startedAt: '', addresses, components: [] };
    writeFileSync(own.checkout.stackFile, JSON.stringify(record));
    const user = own.start('./stack-owner', ['postgres']);
    const { databaseUrl } = JSON.parse(await firstLine(user)) as Status;
    expect(databaseUrl).not.toBe(addresses.databaseUrl);
    expect(existsSync(own.checkout.stackFile)).toBe(false);
    user.kill('SIGINT');
    await until('the data folder deleted', () => own.runFolders().length === 0);
  });
});

describe('a wrong command line', () => {
  it.each([
    [['restart'], 'Unknown command: restart.'],
    [[], 'Say which command.'],
    [['up', '--force'], "Unknown option '--force'"],
    [['up', 'now'], 'Unexpected argument: now.'],
    [['down', '--json'], '--json belongs to status.'],
    [['up', '--yes'], '--yes belongs to down.'],
  ])('%j is refused with exit code 2', async (args, message) => {
    using own = new OwnCheckout();
    const { code, out, error } = await own.run(cli, args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(message);
    expect(error.trim().split('\n')).toHaveLength(1);
  });

  it('explains itself', async () => {
    using own = new OwnCheckout();
    const { code, out } = await own.run(cli, ['--help']);
    expect(code).toBe(0);
    for (const command of ['up', 'status', 'down']) expect(out).toContain(`  ${command} `);
  });
});
