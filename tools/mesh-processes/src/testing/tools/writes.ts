import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

/** A tool of each effect class, all against the provider simulator. */

const provider = { slug: 'sim', baseUrl: 'http://127.0.0.1:9' };
const retry = { maxAttempts: 3, initialBackoffMs: 10, maxBackoffMs: 50 };

export const readItem = defineTool({
  slug: 'read_item',
  version: '1.0.0',
  provider,
  description: 'Reads an item.',
  input: z.object({ id: z.string() }),
  http: { method: 'GET', path: '/items/{id}' },
  effect: { class: 'read' },
  retry,
});

export const putContact = defineTool({
  slug: 'put_contact',
  version: '1.0.0',
  provider,
  description: 'Replaces a contact.',
  input: z.object({ email: z.string(), name: z.string() }),
  http: { method: 'PUT', path: '/crm/contacts/{email}' },
  effect: { class: 'idempotent' },
  retry,
});

export const postMessage = defineTool({
  slug: 'post_message',
  version: '1.0.0',
  provider,
  description: 'Posts a message, once per key.',
  input: z.object({ channel: z.string(), text: z.string() }),
  http: { method: 'POST', path: '/slack/chat.postMessage' },
  effect: { class: 'keyed', in: 'header', name: 'Idempotency-Key', ttlMs: 86_400_000 },
  retry,
});

export const writeOpaque = defineTool({
  slug: 'write_opaque',
  version: '1.0.0',
  provider,
  description: 'Writes an entry with an opaque effect.',
  input: z.object({ text: z.string(), size: z.number().optional() }),
  http: { method: 'POST', path: '/echo' },
  effect: { class: 'opaque' },
});

export const findTickets = defineTool({
  slug: 'find_tickets',
  version: '1.0.0',
  provider,
  description: 'Finds tickets by their reference.',
  input: z.object({ reference: z.string() }),
  http: { method: 'GET', path: '/tickets' },
  effect: { class: 'read' },
  retry,
});

export const createTicket = defineTool({
  slug: 'create_ticket',
  version: '1.0.0',
  provider,
  description: 'Creates a ticket, which can be found by its reference afterwards.',
  input: z.object({ title: z.string() }),
  http: { method: 'POST', path: '/tickets' },
  effect: {
    class: 'probeable',
    probe: 'find_tickets',
    settleMs: 200,
    reference: { in: 'body', name: 'reference' },
    argument: 'reference',
    found: '/items',
  },
  retry,
});

export const createRecord = defineTool({
  slug: 'create_record',
  version: '1.0.0',
  provider,
  description: 'Writes a contact that can be removed again.',
  input: z.object({ email: z.string(), name: z.string() }),
  http: { method: 'PUT', path: '/crm/contacts/{email}' },
  effect: { class: 'idempotent' },
  retry,
  compensation: { tool: 'delete_record', arguments: { email: { from: '/result/email' } } },
});

export const deleteRecord = defineTool({
  slug: 'delete_record',
  version: '1.0.0',
  provider,
  description: 'Removes a contact.',
  input: z.object({ email: z.string() }),
  http: { method: 'DELETE', path: '/crm/contacts/{email}' },
  effect: { class: 'idempotent' },
  retry,
});
