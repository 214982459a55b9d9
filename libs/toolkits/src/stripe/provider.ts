import { z } from 'zod';

import { anyOf, oauthScopes } from '../oauth-scopes.js';

/** Stripe's API: https://docs.stripe.com/api. Bodies are forms. */
export const provider = { slug: 'stripe', baseUrl: 'https://api.stripe.com/v1' } as const;

/** Makes a tool's `security`: the user's connection with these scopes. */
export const scopes = oauthScopes('stripe_connect');

/** The scopes for reading. A connection that may write may also read. */
export const reading = anyOf(scopes, 'read_only', 'read_write');

/**
 * Headers that fix the version of the API, independent of the account's version. These tools are written against it.
 */
export const headers = { 'stripe-version': '2026-10-28.endive' } as const;

/** Stripe keeps the answer to a key for a day, and returns it to every request with the same key. */
export const keyed = { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttlMs: 86_400_000 } as const;

export const form = { encoding: 'form', lists: 'indexed' } as const;

export const metadata = z
  .record(z.string().max(40), z.string().max(500))
  .optional()
  .describe('Own data, up to fifty entries.');

/** The way from one page to the next. */
export const pages = {
  by: 'last_item',
  argument: 'starting_after',
  items: '/data',
  id: '/id',
  more: '/has_more',
} as const;

export const pageOf = {
  limit: z.int().min(1).max(100).optional().describe('How many at most. Default 10.'),
  starting_after: z.string().optional().describe('ID of the last one of the page before.'),
};
