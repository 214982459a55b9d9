import { z } from 'zod';

import { anyOf, oauthScopes } from '../oauth-scopes.js';

/** Stripe's API: https://docs.stripe.com/api. Bodies are forms. */
export const provider = { slug: 'stripe', baseUrl: 'https://api.stripe.com/v1' } as const;

/** The connection of the user, with these scopes. */
export const scopes = oauthScopes('stripe_connect');

/** What reading needs: a connection that may write may read as well. */
export const reading = anyOf(scopes, 'read_only', 'read_write');

/** The version of the API that these tools are written against, whatever that of the account is. */
export const headers = { 'stripe-version': '2026-10-28.endive' } as const;

/** Stripe keeps the answer to a key for a day, and gives it again to whoever sends the same key. */
export const keyed = { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttlMs: 86_400_000 } as const;

export const form = { encoding: 'form', lists: 'indexed' } as const;

export const metadata = z
  .record(z.string().max(40), z.string().max(500))
  .optional()
  .describe('Own data, up to fifty entries.');

export const pageOf = {
  limit: z.int().min(1).max(100).optional().describe('How many at most. Default 10.'),
  starting_after: z.string().optional().describe('ID of the last one of the page before.'),
};
