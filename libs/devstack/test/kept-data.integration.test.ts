import { statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import { Kafka, logLevel } from 'kafkajs';
import pg from 'pg';
import { claimFolder } from '../src/data-folder.js';
import { identifyProcess } from '../src/run/process-identity.js';
import { OwnCheckout, allDead, firstLine } from './own-checkout.js';

jest.setTimeout(180_000);

interface Addresses {
  readonly kafkaBrokers: string[];
  readonly databaseUrl: string;
}

async function addressesOf(child: ReturnType<OwnCheckout['start']>): Promise<Addresses> {
  let error = '';
  child.stderr?.on('data', (chunk: Buffer) => (error += chunk.toString()));
  const line = await firstLine(child).catch(() => {
    throw new Error(`no stack on the kept data: ${error}`);
  });
  return JSON.parse(line) as Addresses;
}

async function inDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function topicsAt(brokers: string[], create: readonly string[] = []): Promise<string[]> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin();
  await admin.connect();
  try {
    if (create.length > 0)
      await admin.createTopics({ waitForLeaders: true, topics: create.map((topic) => ({ topic })) });
    return await admin.listTopics();
  } finally {
    await admin.disconnect();
  }
}

describe('a stack that keeps its data', () => {
  it('has them, at the same addresses, after a kill and after a clean end, and refuses a second stack', async () => {
    using own = new OwnCheckout();
    const first = own.start('./kept-stack');
    const before = await addressesOf(first);
    await inDatabase(before.databaseUrl, (client) =>
      client.query("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('here')"),
    );
    await topicsAt(before.kafkaBrokers, ['kept']);
    expect(statSync(join(own.checkout.dataFolder, 'servers.json')).mode & 0o077).toBe(0);

    const second = await own.run('./kept-stack');
    expect(second.code).toBe(1);
    expect(second.error).toContain(`another start uses the data in ${own.checkout.dataFolder}`);
    expect(second.error).toContain('--fresh');

    let running = first;
    for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
      const started = own.processes();
      const ended = new Promise((resolve) => running.once('exit', resolve));
      running.kill(signal);
      await ended;
      const again = own.start('./kept-stack');
      expect(await addressesOf(again)).toEqual(before);
      expect(allDead(started)).toBe(true);
      const { rows } = await inDatabase(before.databaseUrl, (client) =>
        client.query('SELECT word FROM kept'),
      );
      expect(rows).toEqual([{ word: 'here' }]);
      expect(await topicsAt(before.kafkaBrokers)).toContain('kept');
      running = again;
    }
  });
});

describe('a claim of a data folder', () => {
  it('is refused while another one is held, and possible after its release', async () => {
    using own = new OwnCheckout();
    const folder = join(own.checkout.dataFolder, 'claimed');
    const claim = await claimFolder(folder, own.checkout);
    await expect(claimFolder(folder, own.checkout)).rejects.toMatchObject({ code: 'DEVSTACK_DATA_IN_USE' });
    await claim.release();
    await (await claimFolder(folder, own.checkout)).release();
  });

  it('replaces an unreadable claim, or the claim of a dead process, even when its pid lives again', async () => {
    using own = new OwnCheckout();
    const folder = own.checkout.dataFolder;
    await (await claimFolder(folder, own.checkout)).release();
    const stale = { ...identifyProcess(process.pid), startedAt: 'before' };
    for (const text of [JSON.stringify({ host: hostname(), owner: stale }), '']) {
      writeFileSync(join(folder, 'in-use.json'), text);
      const claims = await Promise.allSettled([
        claimFolder(folder, own.checkout),
        claimFolder(folder, own.checkout),
      ]);
      const held = claims.flatMap((claim) => (claim.status === 'fulfilled' ? [claim.value] : []));
      expect(held).toHaveLength(1);
      await held[0]?.release();
    }
  });

  it('respects the claim of another machine, and names the file to delete if that machine is gone', async () => {
    using own = new OwnCheckout();
    const folder = own.checkout.dataFolder;
    await (await claimFolder(folder, own.checkout)).release();
    const file = join(folder, 'in-use.json');
    writeFileSync(
      file,
      JSON.stringify({ host: 'elsewhere', owner: { pid: 1, startedAt: 'x' }, since: 'then' }),
    );
    await expect(claimFolder(folder, own.checkout)).rejects.toThrow(`elsewhere holds the data in ${folder}`);
    await expect(claimFolder(folder, own.checkout)).rejects.toThrow(`delete ${file}`);
  });
});
