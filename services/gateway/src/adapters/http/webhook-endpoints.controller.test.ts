import { samplePrincipal } from '@action-mesh/identity/testing';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { FakeAuthBrokerClient } from '../../application/auth-broker-client.fake.js';
import { problemOf } from './problem-table.js';
import { WebhookEndpointsController } from './webhook-endpoints.controller.js';

const caller = samplePrincipal({ tenantId: 'acme' });
const body = { url: 'https://example.com/' };
const request = { body: Buffer.from(JSON.stringify(body)), caller } as unknown as FastifyRequest;
const id = '0b7c1c53-3b2a-4c4b-9a51-6f1f3a0c0001';

function stage() {
  const webhooks = new FakeAuthBrokerClient();
  const reply = { code: () => reply, send: () => reply, header: () => reply } as unknown as FastifyReply;
  return { webhooks, reply, controller: new WebhookEndpointsController(webhooks) };
}

type Stage = ReturnType<typeof stage>;

const asks: readonly (readonly [string, (stage: Stage, name: string) => Promise<unknown>])[] = [
  ['GET webhook-endpoints', ({ controller, reply }) => controller.list(request, reply)],
  ['POST webhook-endpoints', ({ controller, reply }) => controller.create(request, reply)],
  [`GET webhook-endpoints/${id}`, ({ controller, reply }, name) => controller.find(name, request, reply)],
  [`PUT webhook-endpoints/${id}`, ({ controller, reply }, name) => controller.put(name, request, reply)],
  [
    `DELETE webhook-endpoints/${id}`,
    ({ controller, reply }, name) => controller.remove(name, request, reply),
  ],
  [
    `POST webhook-endpoints/${id}/test`,
    ({ controller, reply }, name) => controller.test(name, request, reply),
  ],
  [
    `POST webhook-endpoints/${id}/rotate-secret`,
    ({ controller, reply }, name) => controller.rotate(name, request, reply),
  ],
  [
    `POST webhook-endpoints/${id}/enable`,
    ({ controller, reply }, name) => controller.enable(name, request, reply),
  ],
  [
    `POST webhook-endpoints/${id}/redeliver`,
    ({ controller, reply }, name) => controller.redeliverTime(name, request, reply),
  ],
  [
    `GET webhook-endpoints/${id}/deliveries`,
    ({ controller, reply }, name) => controller.deliveries(name, {}, request, reply),
  ],
  [
    `POST webhook-deliveries/${id}/redeliver`,
    ({ controller, reply }, name) => controller.redeliver(name, request, reply),
  ],
];

describe('a route for outgoing webhooks', () => {
  it.each(asks)('passes %s to the webhooks service, with the caller', async (expected, ask) => {
    const parts = stage();
    await ask(parts, id);
    const [asked] = parts.webhooks.requests;
    expect(`${asked?.method} ${asked?.path.join('/')}`).toBe(expected);
    expect(asked?.caller).toBe(caller);
  });

  it('asks nobody about an impossible id', async () => {
    for (const [, ask] of asks.filter(([what]) => what.includes(id))) {
      const parts = stage();
      const problem = await Promise.resolve()
        .then(() => ask(parts, 'whsec_secret'))
        .catch((error: unknown) => problemOf(error)?.problem);
      expect(problem).toMatchObject({ status: 404, code: expect.stringMatching(/^webhook_/) as string });
      expect(JSON.stringify(problem)).not.toContain('whsec_secret');
      expect(parts.webhooks.requests).toEqual([]);
    }
  });

  it.each([
    [404, 'webhook_endpoint_not_found'],
    [409, 'identity_conflict'],
    [422, 'invalid_request'],
  ])('answers a refusal with %i by %s', async (status, code) => {
    const { webhooks, controller, reply } = stage();
    webhooks.answer = { status, body: { code: 'X', message: 'it is so' } };
    const problem = await controller
      .find(id, request, reply)
      .catch((error: unknown) => problemOf(error)?.problem);
    expect(problem).toMatchObject({ code });
  });
});
