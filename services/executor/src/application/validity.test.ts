import { sampleTool } from '@action-mesh/testing';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

import { isFreshRead, validityMsOf } from './validity.js';

const plain = {} as AcceptedCall;
const step = { idempotency_key: 'flow:run_1:update' } as AcceptedCall;
const keyed = { idempotency_key: 'k' } as AcceptedCall;
const read = sampleTool({ effect: { class: 'read' }, validity_ms: 60_000 });
const fresh = sampleTool({ effect: { class: 'read' }, validity_ms: 60_000, freshness_ms: 2_000 });
const write = sampleTool({ effect: { class: 'idempotent' }, validity_ms: 60_000 });

it.each([
  ['a read', plain, read, 0, true],
  ['a read that its tool calls fresh', plain, fresh, 2_000, true],
  ['a read with an idempotency key', keyed, fresh, 60_000, false],
  ['a write', plain, write, 60_000, false],
  ['a write with an idempotency key', keyed, write, 60_000, false],
  ['a write of a flow', step, write, 3_153_600_000_000, false],
  ['a read of a flow', step, fresh, 3_153_600_000_000, false],
] as const)('%s answers its duplicates for as long as it should', (_, call, tool, validityMs, freshOnly) => {
  expect([validityMsOf(call, tool), isFreshRead(call, tool)]).toEqual([validityMs, freshOnly]);
});
