import type { ImportedToolkit } from '@action-mesh/contracts/catalog';
import type { ImportResult } from '@action-mesh/openapi';

import type { CatalogAnswer } from './catalog-answer.js';
import { ImportRefusedError, UnwritableReportError } from './import.errors.js';
import type { ImportCommand } from './options.js';
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
    print: (text: string) => Promise.resolve(void printed.push(text)),
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

const gone = (slug: string) => ({
  slug,
  was: '1.0.0',
  kind: 'breaking',
  changes: [{ kind: 'breaking', pointer: '', message: 'is gone' }],
});

const command: ImportCommand = {
  kind: 'import',
  source: 'https://a.test/spec',
  select: [],
  json: false,
  egressAllow: [],
};

/** The text that the command prints after this answer of the catalog. */
async function importedText(answer: CatalogAnswer, asked = command): Promise<string> {
  const here = world();
  await runImport(asked, { ...here, store: () => Promise.resolve(answer) });
  return here.printed.join('\n');
}

describe('the import command', () => {
  it('prints the result of each operation with a warning or a reason, and no control character of the document', async () => {
    const here = world();
    expect(await runImport(command, here)).toBe(0);
    const text = here.printed.join('\n');
    expect(text).toContain('Acme API (3.0.3) as toolkit "acme" at https://a.test/v1');
    expect(text).toMatch(/quarantined +1\n/);
    expect(text).toMatch(/Quarantined\n {2}GET \/b.*\n {4}path_unusable: .*\n {6}at \/paths\//);
    expect(text).toMatch(/Imported with warnings\n {2}GET \/c\/\{id\}\n {4}parameter_undeclared/);
    expect(text).not.toContain('\u001b');
  });

  it('lists the tools with effect and operation, up to a bound', async () => {
    const here = world();
    await runImport(command, here);
    expect(here.printed[0]).toContain(
      '\n\nTools\n  acme_a  read        GET /a\n  acme_c  read        GET /c/{id}\n\n',
    );
    const paths = Object.fromEntries(
      Array.from({ length: 210 }, (_, index) => [`/a${index}`, { get: { operationId: `a${index}` } }]),
    );
    const many = world({ ...document, paths });
    await runImport(command, many);
    expect(many.printed[0]).toMatch(/GET \/a199\n {2}… and 10 more lines \(--json has all\)/);
  });

  it('prints how many tools need a credential and the variable to set, in a dry run and after an import', async () => {
    const components = { securitySchemes: { key: { type: 'http', scheme: 'bearer' } } };
    const paths = {
      '/a': { get: { operationId: 'a', security: [{ key: [] }] } },
      '/b': { get: { operationId: 'b' } },
    };
    const here = world({ ...document, paths, components });
    await runImport(command, here);
    await runImport(command, { ...here, store: () => Promise.resolve(kept) });
    for (const text of here.printed) {
      expect(text).toContain('\n\n1 of 2 tools needs a credential. ');
      expect(text).toMatch(/\n {2}CREDENTIAL_ACME='https:\/\/[a-z.]+ bearer:TOKEN'$/);
    }
    expect(here.printed).toHaveLength(2);
    await expect(importedText(kept)).resolves.not.toContain('CREDENTIAL_');
  });

  it.each([
    [{ type: 'http', scheme: 'basic' }, undefined, 'basic:USER:PASSWORD'],
    [{ type: 'oauth2', flows: {} }, undefined, 'bearer:TOKEN'],
    [{ type: 'apiKey', in: 'query', name: 'appid' }, 'query', 'query:appid:KEY'],
    [{ type: 'apiKey', in: 'header', name: 'x-key' }, 'header', 'header:x-key:KEY'],
    [{ type: 'apiKey', in: 'header', name: 'x-key' }, undefined, 'header:NAME:KEY'],
  ])('prints how the provider takes its credential: %j in %s', async (scheme, place, form) => {
    const { name = '' } = scheme as { name?: string };
    const parameters = place === undefined ? [] : [{ name, in: place, schema: { type: 'string' } }];
    const paths = { '/a': { get: { operationId: 'a', security: [{ key: [] }], parameters } } };
    const here = world({ ...document, paths, components: { securitySchemes: { key: scheme } } });
    await runImport(command, here);
    expect(here.printed[0]).toMatch(new RegExp(` ${form}'$`));
  });

  it('prints report and tools as one JSON object', async () => {
    const here = world();
    await runImport({ ...command, json: true }, here);
    expect(here.printed).toHaveLength(1);
    const result = JSON.parse(here.printed[0] ?? '') as ImportResult;
    expect(result.report.totals).toMatchObject({ selected: 3, quarantined: 1 });
    expect(result.tools.map(({ slug }) => slug)).toEqual(['acme_a', 'acme_c']);
  });

  it.each([
    ['what the catalog made of the tools', [], ['report', 'toolkit']],
    ['nothing else where there are none', ['none'], ['report']],
  ])('prints the report as JSON with %s', async (_, select, members) => {
    const here = world();
    await runImport({ ...command, json: true, select }, { ...here, store: () => Promise.resolve(kept) });
    expect(Object.keys(JSON.parse(here.printed[0] ?? '') as object)).toEqual(members);
  });

  it('sends the tools to the catalog with their source, and sends nothing if there are none', async () => {
    const here = world();
    const sources: unknown[] = [];
    const store = (result: ImportResult, source: unknown) => {
      here.stored.push(result);
      sources.push(source);
      return Promise.resolve(kept);
    };
    const source = 'https://u:secret@a.test/spec?token=secret#secret';
    const secret = { ...command, source, baseUrl: 'https://a.test' };
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
    expect(here.said[0]).toBe('reading https://a.test/spec');
    expect(await runImport({ ...command, select: ['none'] }, { ...here, store })).toBe(1);
    expect(here.stored).toHaveLength(1);
  });

  it("prints the catalog's result, the breaking changes, and the callers that stay at the former date", async () => {
    const here = world();
    await runImport(command, { ...here, store: () => Promise.resolve(kept) });
    const text = here.printed.join('\n');
    expect(text).toContain('has the toolkit "acme" as 2026-11-25.2');
    expect(text).toMatch(/changed, breaking +1\n/);
    expect(text).toContain('acme_a 1.0.0 -> 2.0.0\n    /input/properties/x is new and required');
    expect(text).toContain('acme_c, override 3\n    /description the document says something else');
    expect(text).toContain('2026-11-25.2 does not become stable by itself: it breaks callers.');
    expect(text).toContain('Callers that pin no version stay at 2026-11-25.');
  });

  it('prints a shell command that moves "stable"', async () => {
    const text = await importedText(kept);
    expect(text).toContain('GET /v1/toolkits/acme/changes');
    expect(text.replaceAll(' \\\n   ', '')).toContain(
      '\n  curl -s -X PUT "$GATEWAY_URL/v1/toolkits/acme/stable" -H "Authorization: Bearer $GATEWAY_API_KEY" ' +
        `-H 'Content-Type: application/json' -d '{"version":"2026-11-25.2"}'`,
    );
    await expect(importedText({ ...kept, toolkit: '"; rm -rf ~' })).resolves.not.toContain('curl');
    await expect(importedText({ ...kept, release: "'; rm -rf ~" })).resolves.not.toContain('curl');
  });

  it('prints the position of "stable" if nothing holds it back', async () => {
    const { held: _held, ...rest } = kept;
    const text = await importedText({ ...rest, isNew: false });
    expect(text).toContain(
      '2026-11-25.2 is newer than the stable date.\nCallers that pin no version stay at 2026-11-25.',
    );
    const moved = await importedText({ ...rest, stable: '2026-11-25.2' });
    expect(moved).toMatch(/Callers that pin no version get 2026-11-25\.2\.$/);
  });

  it('counts new, gone and renamed tools apart from changed ones, and the kinds that only a newer catalog knows', async () => {
    const text = await importedText({
      ...kept,
      differences: [
        { slug: 'acme_new', is: '1.0.0', kind: 'compatible', changes: [] },
        { slug: 'acme_newer', is: '1.0.0', kind: 'compatible', changes: [] },
        gone('acme_gone'),
        { ...gone('acme_old'), kind: 'compatible' },
        { slug: 'acme_a', was: '1.0.0', is: '1.0.1', kind: 'text', changes: [] },
        { slug: 'acme_b', was: '1.0.0', is: '1.0.1', kind: 'cosmetic', changes: [] },
      ],
    });
    expect(text).toMatch(
      /\n\n {2}new +2\n {2}gone +1\n {2}renamed +1\n {2}changed, text +1\n {2}changed, cosmetic +1\n\n/,
    );
    expect(text).toContain('Breaking changes\n  acme_gone 1.0.0 is gone\n\n');
  });

  it('warns that an import replaces the toolkit if a selection left tools out', async () => {
    const selected = { ...command, select: ['op:*'] };
    // `acme_b` was selected and is quarantined.
    const one = { ...kept, differences: [gone('acme_b'), gone('acme_x')] };
    await expect(importedText(one, selected)).resolves.toContain(
      '1 tool of the toolkit is missing from this import, and an import replaces the toolkit. Repeat the former --select with this one, or give another --toolkit.',
    );
    await expect(importedText(one)).resolves.not.toContain('not among these');
    const two = { ...kept, differences: [gone('acme_x'), gone('acme_y')] };
    await expect(importedText(two, selected)).resolves.toContain('2 tools of the toolkit are missing from');
    const renamed = { ...kept, differences: [{ ...gone('acme_x'), kind: 'compatible' }] };
    await expect(importedText(renamed, selected)).resolves.not.toContain('not among these');
  });

  it('prints the problems of each tool that was not taken, up to five', async () => {
    const here = world();
    const problems = Array.from({ length: 7 }, (_, index) => ({ pointer: `/p${index}`, message: 'is bad' }));
    const refused = [{ slug: 'acme_c', problems }];
    await runImport(command, { ...here, store: () => Promise.resolve({ ...kept, refused }) });
    expect(here.printed.join('\n')).toMatch(
      /Not taken\n {2}acme_c\n {4}\/p0 is bad\n(.*\n){3} {4}\/p4 is bad\n {4}… and 2 more\n/,
    );
  });

  it("prints no control character of the catalog's answer", async () => {
    const here = world();
    const evil = '\u001b[2J\u009b\u202e\n';
    const problem = { pointer: evil, message: evil };
    const answer: ImportedToolkit = {
      ...kept,
      toolkit: evil,
      release: evil,
      stable: evil,
      held: evil,
      differences: [
        { slug: evil, was: evil, is: evil, kind: 'breaking', changes: [{ kind: 'breaking', ...problem }] },
      ],
      conflicts: [{ slug: evil, revision: 1, conflicts: [problem], problems: [problem] }],
      refused: [{ slug: evil, problems: [problem] }],
    };
    await runImport(command, { ...here, store: () => Promise.resolve(answer) });
    await runImport({ ...command, json: true }, { ...here, store: () => Promise.resolve(answer) });
    const [text = '', json = ''] = here.printed;
    expect(text.split('\n').join('')).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(json).not.toMatch(/[\p{Cc}\u202e]/u);
    expect(JSON.parse(json)).toMatchObject({ toolkit: answer });
  });

  const paths = Object.fromEntries(
    Array.from({ length: 12 }, (_, index) => [
      `/${index}`,
      { get: { operationId: `o${index}`, tags: [`t${index}`, ...(index > 9 ? ['very often'] : [])] } },
    ]),
  );

  it('explains that nothing matches the selection, and lists the frequent tags', async () => {
    const here = world({ ...document, paths });
    expect(await runImport({ ...command, select: ['none', 'tag:none'] }, here)).toBe(1);
    expect(here.said.at(-1)).toBe(
      'no operation matches the selection (--select); the most frequent tags are very often, t0, t1, t10, t11, t2, t3, t4, t5, t6',
    );
  });

  it.each([
    ['no tag was asked for', { ...document, paths }, ['none']],
    ['the document has none', document, ['tag:none']],
  ])('lists no tags if %s', async (_, found, select) => {
    const here = world(found);
    expect(await runImport({ ...command, select }, here)).toBe(1);
    expect(here.said.at(-1)).toBe('no operation matches the selection (--select)');
  });

  it('prints its progress in a large document', async () => {
    const paths = Object.fromEntries(
      Array.from({ length: 510 }, (_, index) => [`/a${index}`, { get: { operationId: `a${index}` } }]),
    );
    const here = world({ ...document, paths });
    await runImport(command, here);
    expect(here.said.slice(-2)).toEqual(['  250 of 510 operations', '  500 of 510 operations']);
  });

  it('prints why the catalog refused the tools, and ends with 1', async () => {
    const here = world();
    const store = () => Promise.reject(new Error('the catalog does not answer'));
    expect(await runImport(command, { ...here, store })).toBe(1);
    expect(here.said.at(-1)).toBe('the catalog does not answer');
    expect(here.printed).toEqual([]);
  });

  it('prints the problems that the catalog finds in the tools, without their control characters', async () => {
    const here = world();
    const problems = [{ pointer: '/tools/0/input\u001b', message: 'is bad\n' }];
    const store = () => Promise.reject(new ImportRefusedError('none can be taken', problems));
    expect(await runImport(command, { ...here, store })).toBe(1);
    expect(here.said.slice(-2)).toEqual([
      'the mesh did not take the tools: none can be taken',
      '    /tools/0/input\ufffd is bad\ufffd',
    ]);
  });

  it('explains that the catalog has the tools although the report cannot be written, and ends with 1', async () => {
    const here = world();
    const print = () => Promise.reject(new UnwritableReportError('the report cannot be written: ENOSPC'));
    expect(await runImport(command, { ...here, print, store: () => Promise.resolve(kept) })).toBe(1);
    expect(here.said.slice(-2)).toEqual([
      'the catalog has taken the tools',
      'the report cannot be written: ENOSPC',
    ]);
  });

  it('prints where a document is broken, without its control characters', async () => {
    const here = world('{"openapi":"3.0.3","a\\u001b[2J":"\\ud800"}');
    expect(await runImport(command, here)).toBe(1);
    expect(here.said.at(-1)).toContain('(at /a\ufffd[2J');
  });

  it('ends with 2 when an option is wrong', async () => {
    const here = world();
    expect(await runImport({ ...command, select: ['tag:a', 'tag:'] }, here)).toBe(2);
    expect(here.said.at(-1)).toContain('selection: "tag:" must be a glob');
  });

  it.each([
    ['is no document', '[]', 'must be an object'],
    ['has no server', { ...document, servers: [] }, '--base-url'],
    ['is broken', '{"a":', 'line 1'],
  ])('prints the problem of a document that %s, and ends with 1', async (_, found, message) => {
    const here = world(found);
    expect(await runImport(command, here)).toBe(1);
    expect(here.said.at(-1)).toContain(message);
    expect(here.printed).toEqual([]);
  });
});
