import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { OutcomeOfCall } from '@action-mesh/contracts/executor';
import { readKeyText } from '@action-mesh/identity';
import type { IncomingRecord } from '@action-mesh/messaging';

import { firstFreePort } from '../../test/free-ports.js';
import { keyFile, keysIn } from './mesh-keys.js';
import { startOptions } from './options.js';
import { startPorts } from './ports.js';
import { quarantineOf, troubleOf } from './trouble-line.js';

const listening = (port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(server));
  });

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

describe('the ports of a start', () => {
  it('are PORT and the next eight', async () => {
    const port = await firstFreePort();
    await expect(startPorts(String(port), '127.0.0.1')).resolves.toEqual({
      gateway: port,
      catalog: port + 1,
      executor: port + 2,
      rateGovernor: port + 3,
      authBroker: port + 4,
      webhooks: port + 5,
      audit: port + 6,
      provider: port + 7,
      flows: port + 8,
    });
    const { gateway, ...others } = await startPorts('0', '127.0.0.1');
    expect(gateway).toBeGreaterThan(0);
    expect(Object.values(others)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('name PORT, the part with the taken port, and another PORT to try', async () => {
    const port = await firstFreePort();
    const first = await listening(port);
    await expect(startPorts(String(port), '127.0.0.1')).rejects.toThrow(
      new RegExp(
        `^PORT ${port} is taken, perhaps by a mesh that runs already\\. Start on other ports: PORT=\\d+ npm start$`,
      ),
    );
    await closed(first);
    const third = await listening(port + 2);
    await expect(startPorts(String(port), '127.0.0.1')).rejects.toThrow(
      new RegExp(`^port ${port + 2} is taken; the executor needs it, since PORT is ${port}\\.`),
    );
    await closed(third);
  });

  it.each(['http', '-1', '70000', '65535', '8080.5', '1e3'])('are refused for PORT=%s', async (text) => {
    await expect(startPorts(text, '127.0.0.1')).rejects.toMatchObject({ isUsage: true });
  });
});

describe('the keys of a data folder', () => {
  it('are made once, are strong, and are readable only by their owner', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mesh-key-'));
    try {
      const first = await keysIn(folder);
      expect(first).toMatchObject({ isNew: true });
      expect(readKeyText(first.apiKey)).toMatchObject({ use: 'api', environment: 'dev' });
      expect(readKeyText(first.publisherToken)).toMatchObject({ use: 'publisher', environment: 'dev' });
      expect(await keysIn(folder)).toEqual({ ...first, isNew: false });
      for (const [use, key] of [
        ['api', first.apiKey],
        ['publisher', first.publisherToken],
      ] as const) {
        expect((await stat(keyFile(folder, use))).mode & 0o777).toBe(0o600);
        expect((await readFile(keyFile(folder, use), 'utf8')).trim()).toBe(key);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

describe('the words after npm start', () => {
  it('are --fresh and --help, and nothing else', () => {
    expect(startOptions(['--fresh'])).toEqual({ fresh: true });
    expect(() => startOptions(['--frehs'])).toThrow('--frehs');
    expect(() => startOptions(['now'])).toThrow('now');
  });
});

const outcome = (changes: Partial<OutcomeOfCall>): OutcomeOfCall =>
  ({
    call_id: '01890a5d-ac96-774b-bcce-b302099a8057',
    replayed: false,
    seq: 1,
    tenant_id: 'default',
    user_id: 'ada',
    tool: { slug: 'crm_update' },
    status: 'succeeded',
    attempts: 1,
    recovered: false,
    at: '2026-11-28T00:00:00.000Z',
    ...changes,
  }) as OutcomeOfCall;

describe('the line about a call', () => {
  const error = { code: 'x', category: 'provider', message: 'the provider said no' } as const;

  it.each([
    ['failed', 'crm_update for ada failed: the provider said no.'],
    ['dead', 'crm_update for ada is dead: every retry is used up: the provider said no.'],
    [
      'needs_review',
      'crm_update for ada needs a person: it is unknown whether it happened: the provider said no.',
    ],
  ] as const)('shows the state and the name of a %s call', (status, line) => {
    expect(troubleOf(outcome({ status, error }))).toBe(`${line} (call ${outcome({}).call_id})`);
  });

  it('is absent for a call that succeeds, continues, or repeats another', () => {
    for (const status of ['succeeded', 'waiting', 'cancelled', 'indeterminate'] as const)
      expect(troubleOf(outcome({ status, error }))).toBeUndefined();
    expect(
      troubleOf(outcome({ status: 'failed', error, duplicate_of: outcome({}).call_id })),
    ).toBeUndefined();
  });

  it('is one line of bounded length for any text of a provider', () => {
    const hostile = `a\r\n\u001b[2Jb\u2028c${'x'.repeat(100_000)}`;
    const line = troubleOf(outcome({ status: 'failed', error: { ...error, message: hostile } })) ?? '';
    expect(line).toMatch(/failed: a \[2Jb cx+…$/);
    expect(line.length).toBeLessThanOrEqual(500);
  });
});

describe('the line about a record that was put aside', () => {
  it('shows its place and the reason; a dead call has no line, since its outcome has one', () => {
    const record = (headers: Record<string, string>): IncomingRecord =>
      ({ headers }) as unknown as IncomingRecord;
    expect(
      quarantineOf(
        record({
          'mesh-origin-topic': 'mesh.ingress',
          'mesh-origin-partition': '3',
          'mesh-origin-offset': '17',
          'mesh-error-code': 'X',
          'mesh-error-message': 'no JSON',
        }),
      ),
    ).toBe('a record of mesh.ingress was put aside (partition 3, offset 17): no JSON');
    expect(quarantineOf(record({}))).toBeUndefined();
  });
});

it('names GATEWAY_API_KEY when its value is invalid, before any service starts', async () => {
  const main = join(import.meta.dirname, '../../dist/main.js');
  const environment = { PATH: process.env['PATH'], PORT: '0', GATEWAY_API_KEY: 'x' };
  const child = spawn(process.execPath, [main, '--fresh'], { env: environment });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect(once(child, 'close')).resolves.toEqual([2, null]);
  expect(output).toMatch(/GATEWAY_API_KEY must be an API key of the environment dev/);
  expect(output).not.toMatch(/AUTH_BROKER|Kafka/);
}, 120_000);
