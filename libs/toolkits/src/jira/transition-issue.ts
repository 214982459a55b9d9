import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { provider, scopes } from './provider.js';

/**
 * Some workflows allow a transition again from its own target status. So the mesh does not repeat it without a
 * person.
 */
export const transitionIssue = defineTool({
  slug: 'jira_transition_issue',
  version: '1.0.0',
  provider,
  description: 'Moves an issue to another status by a transition that list_transitions gave.',
  input: z.strictObject({
    issueIdOrKey: z.string().min(1).describe('Key or ID of the issue, such as SHOP-42.'),
    transition: z
      .strictObject({ id: z.string().min(1).describe('ID of the transition.') })
      .describe('The transition.'),
    fields: z.looseObject({}).optional().describe('Fields that the transition asks for, such as resolution.'),
  }),
  tags: ['issues', 'workflow'],
  security: scopes('write:jira-work'),
  examples: [{ description: 'Done', arguments: { issueIdOrKey: 'SHOP-42', transition: { id: '31' } } }],
  http: { method: 'POST', path: '/issue/{issueIdOrKey}/transitions' },
  effect: { class: 'opaque' },
});
