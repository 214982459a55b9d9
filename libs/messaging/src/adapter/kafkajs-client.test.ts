import { KafkaJsClient } from './kafkajs-client.js';
import { loadInternal } from './patches/kafkajs-internals.js';
import { kafkaJsPatches } from './patches/kafkajs-patches.js';

interface Patchable {
  readonly protocol?: unknown;
  readonly prototype?: { readonly scheduleCheckPendingRequests?: unknown };
}

/** The members of kafkajs that the patches replace. */
function members(): unknown[] {
  return kafkaJsPatches.map(({ module }) => {
    const { protocol, prototype } = loadInternal(module) as Patchable;
    return protocol ?? Reflect.get(prototype ?? {}, 'scheduleCheckPendingRequests');
  });
}

const options = { brokers: ['127.0.0.1:1'], clientId: 'test' };

describe('KafkaJsClient', () => {
  it('applies every patch once, unless its options turn patches off', () => {
    const before = members();
    new KafkaJsClient(options);
    const patched = members();
    expect(before.filter((member, index) => member === patched[index])).toEqual([]);
    new KafkaJsClient({ ...options, patches: true });
    expect(members()).toEqual(patched);
  });

  it('refuses a client without patches beside one with patches', () => {
    expect(() => new KafkaJsClient({ ...options, patches: false })).toThrow(
      'give all clients the same `patches`',
    );
  });
});
