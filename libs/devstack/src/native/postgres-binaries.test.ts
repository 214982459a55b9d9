import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isReachableByAll, preparePostgresBinaries } from './postgres-binaries.js';

const folder = mkdtempSync(join(tmpdir(), 'postgres-binaries-'));
afterAll(() => rmSync(folder, { recursive: true }));

it("creates the package's listed links and makes programs executable, also when repeated", async () => {
  mkdirSync(join(folder, 'native', 'lib'), { recursive: true });
  mkdirSync(join(folder, 'native', 'bin'));
  writeFileSync(join(folder, 'native/lib/libpq.so.5.18'), 'library');
  for (const name of ['initdb', 'postgres'])
    writeFileSync(join(folder, 'native/bin', name), '', { mode: 0o644 });
  const links = ['native/lib/libpq.so', 'native/lib/libpq.so.5'];
  writeFileSync(
    join(folder, 'native/pg-symlinks.json'),
    JSON.stringify(links.map((target) => ({ source: 'native/lib/libpq.so.5.18', target }))),
  );
  symlinkSync('libpq.so.5.18', join(folder, 'native/lib/libpq.so'));

  await Promise.all([preparePostgresBinaries(folder), preparePostgresBinaries(folder)]);

  for (const link of links) expect(readFileSync(join(folder, link), 'utf8')).toBe('library');
  expect(statSync(join(folder, 'native/bin/initdb')).mode & 0o111).toBe(0o111);
});

it('detects a folder that only its owner may enter', () => {
  const inner = join(folder, 'private', 'inner');
  mkdirSync(inner, { recursive: true });
  chmodSync(folder, 0o755);
  expect(isReachableByAll(inner)).toBe(true);
  chmodSync(join(folder, 'private'), 0o700);
  expect(isReachableByAll(inner)).toBe(false);
});
