import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const code = String.raw`[A-Z]{1,2}\d{1,2}`;

/** `* - T1: …` or `* G1 What …` in a doc comment. */
const inSource = new RegExp(
  String.raw`^ *\* (?:- )?(${code})(?:(?: \([^)]*\))?: | {1,2}(?=[A-Z\x60]))`,
  'gm',
);
/** `| K3, K4 | …` or `- **V3** …` in a document. */
const inDocument = new RegExp(String.raw`^(?:\| |- \*\*)(${code}(?:, ${code})*)(?: *\||\*\* )`, 'gm');
/** `(I6, M33)` in a text, and `/** G2.` at a member. */
const cited = new RegExp(String.raw`\((${code}(?:(?:, | and )${code})*)\)|/\*\* (${code})(?=[.:,])`, 'g');

const folders = ['clients', 'docs', 'examples', 'libs', 'services', 'tools'];
const files = execFileSync('git', ['ls-files', ...folders], { cwd: root, encoding: 'utf8' })
  .split('\n')
  .filter((file) => /\.(?:ts|md|sql)$/.test(file) && !file.includes('/fixtures/'))
  .map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));

function collected(pattern: RegExp, kind: RegExp): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const { file, text } of files) {
    if (!kind.test(file)) continue;
    for (const match of text.matchAll(pattern))
      for (const each of (match[1] ?? match[2] ?? '').match(new RegExp(code, 'g')) ?? [])
        found.set(each, [...(found.get(each) ?? []), file]);
  }
  return found;
}

describe('the code of an invariant', () => {
  const source = collected(inSource, /\.ts$/);
  // A README repeats the definitions of the source.
  const documents = [...collected(inDocument, /\.md$/)].filter(([each]) => !source.has(each));
  const defined = new Map([...source, ...documents]);

  it('is found', () => {
    expect([...defined.keys()]).toEqual(expect.arrayContaining(['I1', 'T1', 'K1', 'V3', 'M33', 'EF1']));
  });

  it('is defined once', () => {
    expect(Object.fromEntries([...defined].filter(([, places]) => places.length > 1))).toEqual({});
  });

  it('is defined where it is cited', () => {
    const unknown = [...collected(cited, /\.(?:ts|md|sql)$/)].filter(([each]) => !defined.has(each));
    expect(Object.fromEntries(unknown)).toEqual({});
  });
});
