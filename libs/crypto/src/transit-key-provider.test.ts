import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { KeyServiceError, UnreadableSecretError } from './crypto.errors.js';
import { TransitKeyProvider } from './transit-key-provider.js';
import { FakeTransitServer } from './transit-server.fake.js';

const place = { tenantId: 'acme', dataKeyId: '01998c50-0000-7a0b-8c0d-0e0f10111213' };
let folder: string;
let server: FakeTransitServer;
let provider: TransitKeyProvider;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'transit-'));
  await writeFile(join(folder, 'token'), 'hvs.token\n');
  server = await FakeTransitServer.start('mesh', 'hvs.token');
  provider = new TransitKeyProvider({
    url: server.url,
    keyName: 'mesh',
    tokenFile: join(folder, 'token'),
    setting: 'AUTH_BROKER_TRANSIT_KEY',
  });
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

describe('a key in a Transit engine', () => {
  it('wraps and unwraps data keys, and names the tenant to the server', async () => {
    const key = randomBytes(32);
    const [wrap] = await provider.wrap(place, key);
    if (wrap === undefined) throw new Error('no wrap');
    expect(wrap).toMatchObject({ kid: 'transit:mesh' });
    expect(wrap.wrapped.toString()).toMatch(/^vault:v1:/);
    expect(await provider.unwrap(place, wrap)).toEqual(key);
    for (const { context, associated_data: bound } of server.requests)
      for (const text of [context, bound])
        expect(Buffer.from(text ?? '', 'base64').toString()).toContain('acme');
  });

  it('does not unwrap for another tenant or data key', async () => {
    const [wrap] = await provider.wrap(place, randomBytes(32));
    if (wrap === undefined) throw new Error('no wrap');
    await expect(provider.unwrap({ ...place, tenantId: 'globex' }, wrap)).rejects.toThrow(
      UnreadableSecretError,
    );
    await expect(provider.unwrap(place, { ...wrap, kid: 'transit:other' })).rejects.toThrow(
      UnreadableSecretError,
    );
  });

  it('takes a renewed token, and names the setting of a refused one but not its value', async () => {
    await writeFile(join(folder, 'token'), 'hvs.revoked');
    const refused = provider.wrap(place, randomBytes(32));
    await expect(refused).rejects.toThrow(/403 to encrypt.*transit\/encrypt\/mesh/);
    await expect(refused).rejects.not.toThrow('hvs.revoked');
    await writeFile(join(folder, 'token'), 'hvs.token');
    expect(await provider.wrap(place, randomBytes(32))).toHaveLength(1);
  });

  it.each([429, 500, 503])('reports %d as an outage', async (status) => {
    server.failWith = status;
    await expect(provider.wrap(place, randomBytes(32))).rejects.toThrow(KeyServiceError);
  });

  it('reports a server that is not there as an outage', async () => {
    const gone = new TransitKeyProvider({
      url: 'http://127.0.0.1:1',
      keyName: 'mesh',
      tokenFile: join(folder, 'token'),
      setting: 'AUTH_BROKER_TRANSIT_KEY',
    });
    await expect(gone.wrap(place, randomBytes(32))).rejects.toThrow(/AUTH_BROKER_TRANSIT_URL/);
  });
});
