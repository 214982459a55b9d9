import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { readKeyRing } from '@action-mesh/crypto';
import { readKeyText } from '@action-mesh/identity';
import { compiledFile } from '@action-mesh/kernel';

const program = fileURLToPath(compiledFile('./main', import.meta.url));
const run = (...words: string[]) => spawnSync(process.execPath, [program, ...words], { encoding: 'utf8' });

describe('npm run new-key', () => {
  it('prints a fresh key of the use and environment', () => {
    expect(readKeyText(run().stdout.trim())).toMatchObject({ use: 'api', environment: 'dev' });
    const [one, two] = [run('publisher', 'live').stdout, run('publisher', 'live').stdout];
    expect(readKeyText(one.trim())).toMatchObject({ use: 'publisher', environment: 'live' });
    expect(one).not.toBe(two);
  });

  it('prints a fresh entry for AUTH_BROKER_KEYS', () => {
    const [one, two] = [run('vault').stdout.trim(), run('vault').stdout.trim()];
    expect(readKeyRing(one)).toMatchObject({ keys: [{ kid: one.split(':')[0] }] });
    expect(one).not.toBe(two);
  });

  it.each([['root'], ['api', 'production'], ['publisher', ''], ['vault', 'dev']])(
    'explains itself for %s %s',
    (...words) => {
      expect(run(...words)).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining('usage') as unknown,
      });
    },
  );
});
