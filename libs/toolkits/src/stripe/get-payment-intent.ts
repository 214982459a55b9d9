import { defineTool } from '@action-mesh/tools';
import { z } from 'zod';

import { headers, provider, reading } from './provider.js';

export const getPaymentIntent = defineTool({
  slug: 'stripe_get_payment_intent',
  version: '1.0.0',
  provider,
  description: 'Reads a payment: its status, amount, and what has to happen next.',
  input: z.strictObject({ payment_intent: z.string().min(1).describe('ID of the payment, pi_…') }),
  tags: ['payments'],
  security: reading,
  examples: [{ description: 'A payment', arguments: { payment_intent: 'pi_3MtwBwLkdIwHu7ix28a3tqPa' } }],
  http: { method: 'GET', path: '/payment_intents/{payment_intent}', headers },
  effect: { class: 'read' },
});
