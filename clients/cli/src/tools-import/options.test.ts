import { ImportUsageError } from './import.errors.js';
import { importHelp } from './help.js';
import { importCommand } from './options.js';

const apiKey = 'mesh_dev_key';

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
    expect(importCommand(['spec.json'], { GATEWAY_API_KEY: apiKey })).toEqual({
      kind: 'import',
      source: 'spec.json',
      egressAllow: [],
      select: [],
      gateway: { url: 'http://127.0.0.1:8080', apiKey },
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
    for (const option of [
      '--select',
      '--toolkit',
      '--base-url',
      '--dry-run',
      '--json',
      '--profile',
      '--url',
      '--help',
    ]) {
      expect(importHelp).toContain(`  ${option}`);
    }
    expect(importHelp).toContain('An import replaces its toolkit');
  });
});

describe('GATEWAY_URL', () => {
  const urlFor = (value: string, ...more: string[]) =>
    importCommand(['spec.json', ...more], { GATEWAY_URL: value, GATEWAY_API_KEY: apiKey });

  it('says where the tools go', () => {
    expect(urlFor('http://gateway.test:81/base/')).toMatchObject({
      gateway: { url: 'http://gateway.test:81/base' },
    });
    expect(urlFor(' ')).toMatchObject({ gateway: { url: 'http://127.0.0.1:8080' } });
  });

  it.each(['secret', 'ftp://secret', 'http://secret@a.test', 'http://a.test?secret', 'http://a.test#secret'])(
    'is refused as %s, by name and not by value',
    (value) => {
      expect(() => urlFor(value)).toThrow('GATEWAY_URL must be an http or https URL');
      expect(() => urlFor(value)).not.toThrow('secret');
    },
  );

  it('is not needed in a dry run', () => {
    expect(urlFor('nonsense', '--dry-run')).not.toHaveProperty('gateway');
  });
});

describe('GATEWAY_API_KEY', () => {
  it.each([undefined, '', 'canary canary', `canary${'x'.repeat(200)}`])(
    'is refused as %j, without its value',
    (key) => {
      const read = () => importCommand(['spec.json'], { GATEWAY_API_KEY: key });
      expect(read).toThrow('GATEWAY_API_KEY must be an API key with the scope tools:admin');
      expect(read).not.toThrow('canary');
      expect(importCommand(['spec.json', '--dry-run'], { GATEWAY_API_KEY: key })).toMatchObject({
        kind: 'import',
      });
    },
  );
});
