import { KafkaJsClient } from '../kafkajs-client.js';
import { fetchInterrupt, type RunnerClass } from './fetch-interrupt.js';
import { fetchResponse, type FetchProtocol } from './fetch-response.js';
import { idleTimerLoop, type RequestQueueClass } from './idle-timer-loop.js';
import { loadInternal } from './kafkajs-internals.js';
import { applyPatch, brokenAssumptions, type KafkaJsPatch } from './kafkajs-patch.js';
import { kafkaJsPatches } from './kafkajs-patches.js';
import { produceRequest, type ProduceProtocol } from './produce-request.js';

const RequestQueue = loadInternal(idleTimerLoop.module) as RequestQueueClass;
const produce = loadInternal(produceRequest.module) as ProduceProtocol;
const Runner = loadInternal(fetchInterrupt.module) as RunnerClass;
const fetch = loadInternal(fetchResponse.module) as FetchProtocol;
/** The unpatched functions, taken before this file builds a client. */
const originals = {
  schedule: Object.getOwnPropertyDescriptor(RequestQueue.prototype, 'scheduleCheckPendingRequests')
    ?.value as unknown,
  produce: produce.protocol,
  fetch: fetch.protocol,
  runner: Reflect.get(Runner.prototype, 'fetch'),
};

const everyAssumption = kafkaJsPatches.flatMap((patch) =>
  patch.assumptions.map(({ name }) => [patch.name, name, patch] as const),
);

describe('the installed kafkajs', () => {
  it.each(everyAssumption)('%s: %s', (_, name, patch) => {
    expect(brokenAssumptions(patch)).not.toContain(name);
  });
});

/** Libraries of another shape, each with the assumption that it breaks. */
const otherLibraries: readonly (readonly [KafkaJsPatch, string, unknown])[] = [
  [
    idleTimerLoop,
    'the module network/requestQueue is a class with the method scheduleCheckPendingRequests',
    class {},
  ],
  [
    idleTimerLoop,
    'a queue keeps the requests that wait in its array `pending`',
    class extends RequestQueue {
      override readonly pending = new Set() as unknown as unknown[];
    },
  ],
  [
    idleTimerLoop,
    'scheduleCheckPendingRequests sets a timer although no request waits',
    class extends RequestQueue {
      override scheduleCheckPendingRequests(): void {
        if (this.pending.length > 0) super.scheduleCheckPendingRequests();
      }
    },
  ],
  [
    idleTimerLoop,
    'a request that has to wait is in `pending` first and then schedules its own check',
    class extends RequestQueue {
      override push(request: object): void {
        this.scheduleCheckPendingRequests();
        (this.pending as object[]).push(request);
      }
    },
  ],
  [
    produceRequest,
    'the module protocol/requests/produce is looked up as `requests.Produce` through its member `protocol`',
    { ...produce },
  ],
  [
    produceRequest,
    'version 7 is the newest that a produce request has',
    { ...produce, versions: ['3', '7', '9'] },
  ],
  [
    produceRequest,
    'a produce request has the member apiVersion and the method encode',
    { ...produce, protocol: () => () => ({ request: { apiVersion: 7, toBytes: () => undefined } }) },
  ],
  [
    fetchResponse,
    'the module protocol/requests/fetch is looked up as `requests.Fetch` through its member `protocol`',
    { ...fetch },
  ],
  [fetchResponse, 'version 11 is the newest that a fetch request has', { ...fetch, versions: ['11', '12'] }],
  [
    fetchResponse,
    'a fetch request has the member apiVersion',
    { ...fetch, protocol: () => () => ({ request: {}, response: {} }) },
  ],
  [
    fetchResponse,
    'a fetch response has the methods decode and parse',
    { ...fetch, protocol: () => () => ({ request: { apiVersion: 11 }, response: { decode: () => 0 } }) },
  ],
  [
    fetchInterrupt,
    'the module consumer/runner is a class with the methods fetch and stop',
    class {
      fetch = (): void => undefined;
    },
  ],
  [
    fetchInterrupt,
    'the fetchers of a runner call its method fetch',
    class extends Runner {
      override readonly fetchManager = { start: (): Promise<void> => Promise.resolve() };
    },
  ],
  [
    fetchInterrupt,
    'a runner fetches by the method fetch of its member consumerGroup',
    class extends Runner {
      override fetch(): Promise<unknown[]> {
        return Promise.resolve([]);
      }
    },
  ],
  [
    fetchInterrupt,
    'a stop ends the member running before it waits',
    class extends Runner {
      override async stop(): Promise<void> {
        await Promise.resolve();
        await super.stop();
      }
    },
  ],
];

describe('another kafkajs', () => {
  it.each(otherLibraries.map(([patch, name, library]) => [patch.name, name, patch, library] as const))(
    'stays unchanged if this is false of its %s: %s',
    (_, name, patch, library) => {
      expect(brokenAssumptions(patch, library)).toContain(name);
      expect(applyPatch(patch, library)).toBe(false);
    },
  );

  it.each(kafkaJsPatches.map((patch) => [patch.name, patch] as const))(
    'stays unchanged without the module of its %s',
    (_, patch) => {
      expect(applyPatch(patch, null)).toBe(false);
    },
  );
});

describe('the switch', () => {
  const options = { brokers: ['127.0.0.1:1'], clientId: 'test' };

  it('leaves kafkajs unchanged while it is off, changes all four modules once, and takes one value per process', () => {
    const now = (): unknown[] => [
      Object.getOwnPropertyDescriptor(RequestQueue.prototype, 'scheduleCheckPendingRequests')?.value,
      produce.protocol,
      fetch.protocol,
      Reflect.get(Runner.prototype, 'fetch'),
    ];
    const asItCame = Object.values(originals);
    new KafkaJsClient({ ...options, patches: false });
    expect(now()).toEqual(asItCame);
    expect(() => new KafkaJsClient(options)).toThrow('give all clients the same `patches`');
    expect(now()).toEqual(asItCame);

    for (const patch of kafkaJsPatches) expect(applyPatch(patch)).toBe(true);
    const patched = now();
    patched.forEach((member, index) => expect(member).not.toBe(asItCame[index]));
    for (const patch of kafkaJsPatches) expect(applyPatch(patch)).toBe(true);
    expect(now()).toEqual(patched);
  });
});
