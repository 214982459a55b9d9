import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A module of a tool or a toolkit is a namespace: the catalog reads its exports one module at a time. */
const isToolModule = (file: string): boolean => /^libs\/toolkits\/|\/tools\/[^/]+\.ts$/.test(file);

const declaration =
  /^export (?:declare |abstract |async )*(?:class|interface|type|const|let|function\*?) +([A-Za-z_$][\w$]*)/gm;

function exportedNames(): ReadonlyMap<string, readonly string[]> {
  const folders = ['clients', 'examples', 'libs', 'services', 'tools'];
  const listed = execFileSync('git', ['ls-files', ...folders], { cwd: root, encoding: 'utf8' });
  const byName = new Map<string, string[]>();
  for (const file of listed.split('\n')) {
    if (!file.endsWith('.ts') || file.endsWith('.test.ts') || isToolModule(file)) continue;
    const text = readFileSync(join(root, file), 'utf8');
    // A port's interface and symbol share a name; overloads repeat one.
    const names = new Set([...text.matchAll(declaration)].map((match) => match[1] ?? ''));
    for (const name of names) byName.set(name, [...(byName.get(name) ?? []), file]);
  }
  return byName;
}

describe('an exported name', () => {
  const names = exportedNames();

  it('has one declaration in the whole repository', () => {
    const twins = [...names].filter(([, files]) => files.length > 1);
    expect(Object.fromEntries(twins)).toEqual({});
  });
});
