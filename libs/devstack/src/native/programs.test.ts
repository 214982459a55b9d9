import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPrograms, parseJavaVersion } from './programs.js';

it.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['openjdk version "21" 2023-09-19', 21],
  ['java version "1.8.0_392"', 8],
  ['openjdk version "25-ea" 2025-09-16', 25],
  ['no Java runtime present', undefined],
])('reads %j as Java %j', (output, version) => {
  expect(parseJavaVersion(output)).toBe(version);
});

describe('programs of a machine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'programs-'));
  const program = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('are found on the PATH, with the version of Java', async () => {
    program('java', `echo 'openjdk version "11.0.2"' >&2`);
    program('redis-server', '');
    expect(await findPrograms({ PATH: `/nowhere:${folder}` })).toEqual({
      java: { path: join(folder, 'java'), version: 11 },
      redisServer: join(folder, 'redis-server'),
    });
  });

  it('count as absent when Java is only a failing stub', async () => {
    program('java', 'exit 1');
    expect((await findPrograms({ PATH: folder })).java).toBeUndefined();
  });
});
