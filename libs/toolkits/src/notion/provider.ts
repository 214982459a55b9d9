import { z } from 'zod';

import { oauthScopes } from '../oauth-scopes.js';

/** Notion's API: https://developers.notion.com/reference. */
export const provider = { slug: 'notion', baseUrl: 'https://api.notion.com/v1' } as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('notion_oauth');

/** Headers that fix the version of the API. These tools are written against it. */
export const headers = { 'notion-version': '2026-03-11' } as const;

export const blocks = z
  .array(
    z.looseObject({
      type: z.string().describe('Such as paragraph, heading_2, to_do or bulleted_list_item.'),
    }),
  )
  .max(100)
  .describe('Blocks, each with its type and a member of that name.');

/** The way from one page to the next. */
export const pages = {
  by: 'token',
  argument: 'start_cursor',
  at: '/next_cursor',
  more: '/has_more',
} as const;

export const pageOf = {
  page_size: z.int().min(1).max(100).optional().describe('How many at most. Default 100.'),
  start_cursor: z.string().optional().describe('next_cursor of the page before.'),
};
