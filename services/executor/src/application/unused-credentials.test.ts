import type { Tool } from '@action-mesh/contracts/catalog';

import { readStaticCredentials } from '../static-credentials.js';
import { unusedCredentials } from './unused-credentials.js';

const { credentials } = readStaticCredentials({ CREDENTIAL_ACME: 'https://api.example bearer:canary-token' });
const tool = (slug: string, base_url: string) => ({ provider: { slug, base_url } }) as Tool;

describe('a static credential', () => {
  it('is in use when a tool of its provider goes to its origin', () => {
    const tools = [tool('acme', 'https://upload.example/v1'), tool('acme', 'https://api.example/v1')];
    expect(unusedCredentials(credentials, tools)).toEqual([]);
  });

  it('is reported when no tool has its provider', () => {
    const found = unusedCredentials(credentials, [tool('globex', 'https://api.example/v1')]);
    expect(found).toMatchObject([{ variable: 'CREDENTIAL_ACME', isMisdirected: false }]);
    expect(found[0]?.problem).toContain('no tool has the provider "acme"');
  });

  it('is reported when the tools of its provider go elsewhere, without its value', () => {
    const found = unusedCredentials(credentials, [tool('acme', 'https://api.example:8443/v1')]);
    expect(found).toMatchObject([{ variable: 'CREDENTIAL_ACME', isMisdirected: true }]);
    expect(found[0]?.problem).toContain('https://api.example:8443');
    expect(JSON.stringify(found)).not.toContain('canary');
  });
});
