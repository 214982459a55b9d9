import { ImportUsageError } from './import.errors.js';
import { importHelp } from './help.js';
import { importCommand } from './options.js';

const serviceKey = 'k'.repeat(48);

describe('the arguments of the command', () => {
  it('name one document and its options', () => {
    const words = [
      'spec.json',
      '--select',
      'tag:a',
      '--select',
      'b/*',
      '--toolkit',
      'acme',
      '--base-url',
      'https://a.test',
      '--dry-run',
      '--json',
    ];
    expect(importCommand(words, {})).toEqual({
      kind: 'import',
      source: 'spec.json',
      egressAllow: [],
      select: ['tag:a', 'b/*'],
      toolkit: 'acme',
      baseUrl: 'https://a.test',
      json: true,
    });
    expect(importCommand(['spec.json'], { MESH_SERVICE_KEY: serviceKey })).toEqual({
      kind: 'import',
      source: 'spec.json',
      egressAllow: [],
      select: [],
      catalog: { url: 'http://127.0.0.1:8081', serviceKey },
      json: false,
    });
    expect(importCommand(['--help'], {})).toEqual({ kind: 'help' });
  });

  it.each([
    [[], 'name one document'],
    [['a', 'b'], 'name one document'],
    [[''], 'name one document'],
    [['https://'], 'is no URL'],
    [['a', '--nonsense=secret'], "Unknown option '--nonsense'"],
    [['a', '--toolkit'], 'argument missing'],
    [['a', '--base-url', 'nonsense'], '--base-url must be an absolute URL'],
  ])('%j are refused', (words, message) => {
    expect(() => importCommand(words, {})).toThrow(ImportUsageError);
    expect(() => importCommand(words, {})).toThrow(message);
    expect(() => importCommand(words, {})).not.toThrow('secret');
  });

  it('are all explained', () => {
    for (const option of ['--select', '--toolkit', '--base-url', '--dry-run', '--json', '--help']) {
      expect(importHelp).toContain(`  ${option}`);
    }
    expect(importHelp).toContain('An import replaces its toolkit');
  });
});

describe('CATALOG_URL', () => {
  const urlFor = (value: string, ...more: string[]) =>
    importCommand(['spec.json', ...more], { CATALOG_URL: value, MESH_SERVICE_KEY: serviceKey });

  it('says where the tools go', () => {
    expect(urlFor('http://catalog.test:81/base/')).toMatchObject({
      catalog: { url: 'http://catalog.test:81/base' },
    });
    expect(urlFor(' ')).toMatchObject({ catalog: { url: 'http://127.0.0.1:8081' } });
  });

  it.each(['secret', 'ftp://secret', 'http://secret@a.test', 'http://a.test?secret', 'http://a.test#secret'])(
    'is refused as %s, by name and not by value',
    (value) => {
      expect(() => urlFor(value)).toThrow('CATALOG_URL must be an http or https URL');
      expect(() => urlFor(value)).not.toThrow('secret');
    },
  );

  it('is not needed in a dry run', () => {
    expect(urlFor('nonsense', '--dry-run')).not.toHaveProperty('catalog');
  });
});

describe('MESH_SERVICE_KEY', () => {
  it.each([undefined, '', 'canary', `canary\n${'x'.repeat(40)}`])(
    'is refused as %j, without its value',
    (key) => {
      const read = () => importCommand(['spec.json'], { MESH_SERVICE_KEY: key });
      expect(read).toThrow('MESH_SERVICE_KEY must be the service key of the catalog');
      expect(read).not.toThrow('canary');
      expect(importCommand(['spec.json', '--dry-run'], { MESH_SERVICE_KEY: key })).toMatchObject({
        kind: 'import',
      });
    },
  );
});
