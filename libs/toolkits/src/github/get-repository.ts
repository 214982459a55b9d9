import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, scopes } from './provider.js';

export const getRepository = defineTool({
  slug: 'github_get_repository',
  version: '1.0.0',
  provider,
  description: 'Reads one repository: description, default branch, visibility, counts.',
  input: z.strictObject({
    owner: z.string().min(1).describe('Account that owns the repository.'),
    repo: z.string().min(1).describe('Name of the repository, without the account.'),
  }),
  tags: ['repositories'],
  security: scopes('repo'),
  examples: [{ description: 'A repository', arguments: { owner: 'acme', repo: 'shop' } }],
  http: { method: 'GET', path: '/repos/{owner}/{repo}', headers },
  effect: { class: 'read' },
});
