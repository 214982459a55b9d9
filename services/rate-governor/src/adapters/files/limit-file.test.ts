import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { readLimits } from './limit-file.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'limits-'));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const limit = { id: 'crm', match: { provider: 'crm' }, per: 'provider', limit: 10, window: '1s' };

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

describe('readLimits', () => {
  it('reads files and packages, such as those of curated toolkits', async () => {
    const own = await file('own.json', JSON.stringify([limit]));
    const limits = await readLimits([own, '@action-mesh/toolkits/slack', '@action-mesh/toolkits/stripe']);
    expect(limits.map(({ id }) => id)).toEqual([
      'crm',
      'slack-messages',
      'slack-topics',
      'slack-web-api',
      'stripe-account',
      'stripe-search',
    ]);
    await expect(readLimits([])).resolves.toEqual([]);
  });

  it.each<[string, string, string]>([
    ['no JSON', '{', 'cannot be read'],
    ['no list', '{}', 'must hold a list'],
    ['no limit', JSON.stringify([{ ...limit, limit: 0 }]), '/0/limit'],
    ['one id twice', JSON.stringify([limit, limit]), '/1/id "crm" appears twice'],
  ])('names the mistake in a file with %s', async (_, content, message) => {
    await expect(readLimits([await file('bad.json', content)])).rejects.toThrow(message);
  });

  it('names a place that is missing or has no limits', async () => {
    await expect(readLimits([join(folder, 'nothing.json')])).rejects.toThrow('cannot be read');
    await expect(readLimits(['@acme/nothing'])).rejects.toThrow('@acme/nothing cannot be read');
    await expect(readLimits(['@action-mesh/tools'])).rejects.toThrow('must hold a list');
    const twice = await file('twice.json', JSON.stringify([limit]));
    await expect(readLimits([twice, twice])).rejects.toThrow('appears twice');
  });
});
