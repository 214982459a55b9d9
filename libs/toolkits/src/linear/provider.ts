import type { AnswerDefinition, BodyDefinition, PaginationDefinition } from '@action-mesh/tools';
import { z } from 'zod';

import { oauthScopes } from '../oauth-scopes.js';

/** Linear's GraphQL API: https://linear.app/developers/graphql. Each tool is one operation, with the arguments as its variables. */
export const provider = { slug: 'linear', baseUrl: 'https://api.linear.app' } as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('linear_oauth');

/** Linear reports errors in a 200 as well as with an error status. */
export const failure = { at: '/errors', reason: '/errors/0/message' } as const;

/** Linear reports an exceeded limit as a 400 (https://linear.app/developers/rate-limiting). */
export const answers: readonly AnswerDefinition[] = [
  { status: 400, at: '/errors/0/extensions/code', words: ['RATELIMITED'], means: 'limited' },
];

/** The body of an operation: a fixed query, with the arguments as its variables. */
export function operation(query: string): BodyDefinition {
  return { under: 'variables', fixed: { query } };
}

/** The way from one page of the connection `name` to the next. */
export function pagesOf(name: string): PaginationDefinition {
  const page = `/data/${name}/pageInfo`;
  return { by: 'token', argument: 'after', at: `${page}/endCursor`, more: `${page}/hasNextPage` };
}

export const pageOf = {
  first: z.int().min(1).max(250).optional().describe('How many at most. Default 50.'),
  after: z.string().optional().describe('endCursor of the page before.'),
};

/** The fields of an issue that a caller can set at its creation or later. */
export const issueFields = {
  description: z.string().max(100_000).optional().describe('The text, in Markdown.'),
  assigneeId: z.string().nullable().optional().describe('ID of a user; null for nobody.'),
  stateId: z.string().optional().describe('ID of a workflow state.'),
  priority: z.int().min(0).max(4).optional().describe('0 none, 1 urgent, 2 high, 3 medium, 4 low.'),
  labelIds: z.array(z.string()).optional().describe('IDs of labels, as a whole list.'),
  projectId: z.string().nullable().optional().describe('ID of a project.'),
  dueDate: z.iso.date().nullable().optional().describe('A day.'),
};
