import { samplePrincipal } from '@action-mesh/identity/testing';

import type { OutcomeHead } from '../domain/outcome-filter.js';
import { FakeOutcomeLog } from './outcome-log.fake.js';
import { FakeOutcomeSink } from './outcome-sink.fake.js';
import { OutcomeSubscription } from './outcome-subscription.js';
import { StreamIndex } from './stream-index.js';
import { StreamPosition } from './stream-position.js';

const head: OutcomeHead = {
  callId: '019b76da-a800-7000-8000-000000000001',
  tenantId: 'default',
  userId: 'ada',
  tool: 'a_tool',
  status: 'succeeded',
};
const foreign = { ...head, tenantId: 'acme' };

describe('a subscription', () => {
  it('takes nothing of another tenant, and its index finds it for none (OS1)', () => {
    const own = new StreamPosition('aaaaaaaaaaaa', [[0, 0]], 0);
    const reader = new OutcomeSubscription(samplePrincipal(), {}, { includes: () => true }, own);
    const sink = new FakeOutcomeSink({ cursor: () => '', leave: () => undefined });
    reader.sink = sink;
    expect([reader.takes(head), reader.takes(foreign)]).toEqual([true, false]);
    const index = new StreamIndex();
    index.add(reader);
    expect([...index.readersOf(foreign)]).toEqual([]);
    expect([...index.readersOf(head)]).toEqual([reader]);
    index.remove(reader);
    expect(index.isEmpty).toBe(true);
    const log = new FakeOutcomeLog();
    reader.offer(log.append(0, foreign));
    reader.offer(log.append(0, head));
    expect(sink.places).toEqual(['0/1']);
  });
});
