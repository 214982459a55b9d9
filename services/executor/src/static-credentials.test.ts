import { ConfigError } from '@action-mesh/platform';

import { executorConfig } from './config.js';
import { readStaticCredentials } from './static-credentials.js';

const read = (text: string, variable = 'CREDENTIAL_ACME') => readStaticCredentials({ [variable]: text });
const authorization = (value: string) => ({ in: 'header', name: 'authorization', value });

describe('a variable of a static credential', () => {
  it.each([
    ['https://api.example bearer:canary-1', authorization('Bearer canary-1')],
    ['https://api.example basic:ada:can:ary', authorization('Basic YWRhOmNhbjphcnk=')],
    ['https://api.example basic:sk_canary:', authorization('Basic c2tfY2FuYXJ5Og==')],
    ['https://api.example header:X-Key:canary:1', { in: 'header', name: 'X-Key', value: 'canary:1' }],
    ['https://api.example/ query:api_key:canary', { in: 'query', name: 'api_key', value: 'canary' }],
    ['  https://api.example   bearer:canary-1 ', authorization('Bearer canary-1')],
  ])('%s is one', (text, place) => {
    const { credentials, problems } = read(text);
    expect(problems).toEqual([]);
    expect(credentials).toMatchObject([{ provider: 'acme', origin: 'https://api.example', place }]);
  });

  it.each([
    'http://127.0.0.1:3000',
    'http://localhost:3000',
    'http://[::1]:3000',
    'https://api.example:8443',
  ])('may be for %s', (origin) => {
    expect(read(`${origin} bearer:canary`).credentials).toMatchObject([{ origin }]);
  });

  it.each([
    'bearer:canary',
    'canary',
    'https://api.example',
    'https://api.example canary',
    'https://api.example token:canary',
    'https://api.example bearer:',
    'https://api.example basic:canary',
    'https://api.example header:canary',
    'https://api.example header::canary',
    'https://api.example query:canary:',
    'https://api.example header:host:canary',
    'https://api.example header:cookie:canary',
    'https://api.example header:mesh-id:canary',
    'https://api.example header:x y:canary',
    'https://api.example bearer:canary\r\nx: y',
    'https://api.example bearer:canaryß',
    'http://api.example bearer:canary',
    'http://127.0.0.1.evil.example bearer:canary',
    'ftp://api.example bearer:canary',
    'https://api.example/canary bearer:canary',
    'https://canary:canary@api.example bearer:canary',
    `https://api.example bearer:canary${'x'.repeat(20_000)}`,
  ])('%j is refused with its name, without its value', (text) => {
    const { credentials, problems } = read(text);
    expect(credentials).toEqual([]);
    expect(problems).toMatchObject([{ variable: 'CREDENTIAL_ACME' }]);
    expect(JSON.stringify(problems)).not.toContain('canary');
  });

  it.each(['CREDENTIAL_acme', 'CREDENTIAL_', 'CREDENTIAL_1A', 'CREDENTIAL_A-B'])(
    'cannot be %s',
    (variable) => {
      expect(read('https://api.example bearer:canary', variable).problems).toMatchObject([{ variable }]);
    },
  );

  it('counts as not set when it is empty', () => {
    expect(read(' ')).toEqual({ credentials: [], problems: [] });
  });

  it('is refused together with all other problems of the configuration', () => {
    let problems: unknown;
    try {
      executorConfig({ CREDENTIAL_ACME: 'canary', CREDENTIAL_CRM: 'canary', KAFKA_BROKERS: 'a:1' });
    } catch (error) {
      problems = error instanceof ConfigError ? error.problems.map(({ variable }) => variable) : error;
    }
    expect(problems).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'MESH_SERVICE_KEY', 'CREDENTIAL_ACME', 'CREDENTIAL_CRM']),
    );
  });
});
