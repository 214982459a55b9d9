import type { ImportResult } from '@action-mesh/openapi';

import type { ImportedToolkit } from '../application/import-toolkit.js';
import { runImport } from './run-import.js';

const document = {
  openapi: '3.0.3',
  info: { title: 'Acme API' },
  servers: [{ url: '/v1' }],
  paths: {
    '/a': { get: { operationId: 'a' } },
    '/b\u001b[2J': { get: { operationId: 'b', parameters: [{ $ref: 'https://x.test/p' }] } },
    '/c/{id}': { get: { operationId: 'c' } },
  },
};

function world(found: object | string = document) {
  const said: string[] = [];
  const printed: string[] = [];
  const stored: ImportResult[] = [];
  const text = typeof found === 'string' ? found : JSON.stringify(found);
  return {
    said,
    printed,
    stored,
    readFile: () => Promise.resolve({ text }),
    fetch: (url: string) => Promise.resolve({ text, url }),
    say: (line: string) => void said.push(line),
    print: (line: string) => void printed.push(line),
  };
}

const kept: ImportedToolkit = {
  toolkit: 'acme',
  release: '2026-11-25.2',
  isNew: true,
  tools: 2,
  differences: [
    {
      slug: 'acme_a',
      was: '1.0.0',
      is: '2.0.0',
      kind: 'breaking',
      changes: [{ kind: 'breaking', pointer: '/input/properties/x', message: 'is new and required' }],
    },
  ],
  conflicts: [
    {
      slug: 'acme_c',
      revision: 3,
      conflicts: [{ pointer: '/description', message: 'the document says something else' }],
      problems: [],
    },
  ],
  refused: [],
  stable: '2026-11-25',
  held: 'it breaks callers',
  published: true,
};

const command = {
  kind: 'import',
  source: 'https://a.test/spec',
  select: [],
  dryRun: true,
  json: false,
} as const;

describe('the import command', () => {
  it('prints what became of each operation that is not simply imported, and no control character of the document', async () => {
    const here = world();
    expect(await runImport(command, here)).toBe(0);
    const text = here.printed.join('\n');
    expect(text).toContain('Acme API (3.0.3) as toolkit "acme" at https://a.test/v1');
    expect(text).toMatch(/quarantined +1\n/);
    expect(text).toMatch(/Quarantined\n {2}GET \/b.*\n {4}reference_outside: .*\n {6}at \/paths\//);
    expect(text).toMatch(/Imported with warnings\n {2}GET \/c\/\{id\}\n {4}parameter_undeclared/);
    expect(text).not.toContain('\u001b');
  });

  it('prints report and tools as one JSON object', async () => {
    const here = world();
    await runImport({ ...command, json: true }, here);
    expect(here.printed).toHaveLength(1);
    const result = JSON.parse(here.printed[0] ?? '') as ImportResult;
    expect(result.report.totals).toMatchObject({ selected: 3, quarantined: 1 });
    expect(result.tools.map(({ slug }) => slug)).toEqual(['acme_a', 'acme_c']);
  });

  it('hands the tools to the catalog with where they came from, and not where there are none', async () => {
    const here = world();
    const sources: unknown[] = [];
    const store = (result: ImportResult, source: unknown) => {
      here.stored.push(result);
      sources.push(source);
      return Promise.resolve(kept);
    };
    const secret = { ...command, source: 'https://a.test/spec?token=secret' };
    expect(await runImport(secret, { ...here, store })).toBe(0);
    expect(here.stored).toHaveLength(1);
    expect(sources).toEqual([
      {
        document: 'https://a.test/spec',
        title: 'Acme API',
        digest: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
        select: [],
      },
    ]);
    expect(await runImport({ ...command, select: ['none'] }, { ...here, store })).toBe(1);
    expect(here.stored).toHaveLength(1);
  });

  it('says what the catalog made of them, what breaks, and who is kept from it', async () => {
    const here = world();
    await runImport(command, { ...here, store: () => Promise.resolve(kept) });
    const text = here.printed.join('\n');
    expect(text).toContain('has the toolkit "acme" as 2026-11-25.2');
    expect(text).toMatch(/changed, breaking +1\n/);
    expect(text).toContain('acme_a 1.0.0 -> 2.0.0\n    /input/properties/x is new and required');
    expect(text).toContain('acme_c, override 3\n    /description the document says something else');
    expect(text).toContain('stays at 2026-11-25: it breaks callers. PUT /v1/toolkits/acme/stable');
  });

  it('says that nothing matches the selection', async () => {
    const here = world();
    expect(await runImport({ ...command, select: ['tag:none'] }, here)).toBe(1);
    expect(here.said.at(-1)).toContain('no operation matches what is selected');
  });

  it('says how far it is in a document that takes long', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 510 }, (_, index) => [`/a${index}`, { get: { operationId: `a${index}` } }]),
    );
    const here = world({ ...document, paths });
    await runImport(command, here);
    expect(here.said.slice(-2)).toEqual(['  250 of 510 operations', '  500 of 510 operations']);
  });

  it('says why the catalog did not take them, and ends with 1', async () => {
    const here = world();
    const store = () => Promise.reject(new Error('the catalog does not answer'));
    expect(await runImport(command, { ...here, store })).toBe(1);
    expect(here.said.at(-1)).toBe('the catalog does not answer');
    expect(here.printed).toEqual([]);
  });

  it.each([
    ['is no document', '[]', 'must be an object'],
    ['has no server', { ...document, servers: [] }, '--base-url'],
    ['is broken', '{"a":', 'line 1'],
  ])('says what is wrong with a document that %s, and ends with 1', async (_, found, message) => {
    const here = world(found);
    expect(await runImport(command, here)).toBe(1);
    expect(here.said.at(-1)).toContain(message);
    expect(here.printed).toEqual([]);
  });
});
