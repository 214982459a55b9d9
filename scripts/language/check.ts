/**
 * `npm run language`: counts the relative and indefinite words in comments, documents and test names. Exits with 1 when
 * a kind has more of them than the bound. `--files` lists the files with the most, `--lines <path>` the lines of a
 * part.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { proseOf } from './prose.js';

/** Vague words per 100 words. Restate, graphile/worker and temporal have 0.1 to 0.2. */
const bound = 0.6;

const root = join(import.meta.dirname, '../..');
const [option, part = ''] = process.argv.slice(2);
const files = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8', maxBuffer: Infinity })
  .split('\n')
  .filter((file) => file.startsWith(part) && !file.includes('/fixtures/'));

const totals = new Map<string, { words: number; vague: number }>();
const perFile: { file: string; kind: string; vague: number; lines: readonly string[] }[] = [];
for (const file of files) {
  if (!/\.(ts|mjs|sql|md)$/.test(file)) continue;
  for (const { kind, words, vague, lines } of proseOf(file, readFileSync(join(root, file), 'utf8'))) {
    const total = totals.get(kind) ?? { words: 0, vague: 0 };
    totals.set(kind, { words: total.words + words, vague: total.vague + vague });
    perFile.push({ file, kind, vague, lines });
  }
}

if (option === '--files') {
  for (const { file, kind, vague } of perFile.sort((a, b) => b.vague - a.vague).slice(0, 30)) {
    if (vague > 0) console.log(`${vague}  ${file} (${kind})`);
  }
}
if (option === '--lines') {
  for (const { file, lines } of perFile) for (const line of lines) console.log(`${file}: ${line.trim()}`);
}
for (const [kind, { words, vague }] of totals) {
  const share = words === 0 ? 0 : (100 * vague) / words;
  const isTooMany = share > bound;
  if (isTooMany) process.exitCode = 1;
  console.log(
    `${kind}: ${vague} vague words in ${words}, ${share.toFixed(2)} per 100 (bound ${bound})${isTooMany ? ': too many. Begin sentences with their subject; npm run language -- --files shows where' : ''}`,
  );
}
