import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

/**
 * One tool per effect class. Each call names itself by `ref`, so the oracle can assign each request to its call. The
 * `sim_` arguments may carry a fault for the call. The provider simulator reads them as headers.
 */
const provider = { slug: 'sim_chaos', baseUrl: 'http://127.0.0.1:9' };
const retry = { maxAttempts: 8, initialBackoffMs: 50, maxBackoffMs: 2_000, deadlineMs: 600_000 };
const version = '1.0.0';

const input = z.object({
  ref: z.string().regex(/^[a-z0-9-]{1,60}$/),
  sim_mode: z.string().optional(),
  sim_ms: z.string().optional(),
  sim_times: z.string().optional(),
  sim_status: z.string().optional(),
  sim_retry_after: z.string().optional(),
});

const parameters = {
  sim_mode: { in: 'header', name: 'x-sim-mode' },
  sim_ms: { in: 'header', name: 'x-sim-ms' },
  sim_times: { in: 'header', name: 'x-sim-times' },
  sim_status: { in: 'header', name: 'x-sim-status' },
  sim_retry_after: { in: 'header', name: 'x-sim-retry-after' },
} as const;

export const chaosRead = defineTool({
  slug: 'chaos_read',
  version,
  provider,
  description: 'Reads something.',
  input,
  http: { method: 'GET', path: '/chaos/read/{ref}', parameters },
  effect: { class: 'read' },
  retry,
});

export const chaosPut = defineTool({
  slug: 'chaos_put',
  version,
  provider,
  description: 'Replaces something.',
  input,
  http: { method: 'PUT', path: '/chaos/put/{ref}', parameters },
  effect: { class: 'idempotent' },
  retry,
});

export const chaosKeyed = defineTool({
  slug: 'chaos_keyed',
  version,
  provider,
  description: 'Does something, once per key.',
  input,
  http: { method: 'POST', path: '/chaos/keyed/{ref}', parameters },
  effect: { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttlMs: 86_400_000 },
  retry,
});

export const chaosTicket = defineTool({
  slug: 'chaos_ticket',
  version,
  provider,
  description: 'Opens a ticket that a probe can find.',
  input,
  http: { method: 'POST', path: '/tickets', parameters },
  effect: {
    class: 'probeable',
    probe: 'chaos_find_ticket',
    settleMs: 300,
    reference: { in: 'body', name: 'reference' },
    argument: 'reference',
    found: '/items',
  },
  retry,
});

export const chaosFindTicket = defineTool({
  slug: 'chaos_find_ticket',
  version,
  provider,
  description: 'Finds a ticket by its reference.',
  input: z.object({ reference: z.string() }),
  http: { method: 'GET', path: '/tickets' },
  effect: { class: 'read' },
  retry,
});

export const chaosLimited = defineTool({
  slug: 'chaos_limited',
  version,
  provider: { ...provider, slug: 'sim_limited' },
  description: 'Reads something from a provider with a limit.',
  input,
  http: { method: 'GET', path: '/chaos/limited/{ref}', parameters },
  effect: { class: 'read' },
  retry,
});

export const chaosOnce = defineTool({
  slug: 'chaos_once',
  version,
  provider,
  description: 'Does something with an unknown effect.',
  input,
  http: { method: 'POST', path: '/chaos/once/{ref}', parameters },
  effect: { class: 'opaque' },
  retry,
});

export const chaosAgain = defineTool({
  slug: 'chaos_again',
  version,
  provider,
  description: 'Does something that is better done twice than not at all.',
  input,
  http: { method: 'POST', path: '/chaos/again/{ref}', parameters },
  effect: { class: 'opaque', atLeastOnce: true },
  retry,
});
