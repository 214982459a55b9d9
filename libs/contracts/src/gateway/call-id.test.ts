import { deadQuerySchema, refusedRecordQuerySchema, waitingQuerySchema } from '../executor/index.js';
import { callRequestSchema } from './index.js';

const callOf = (callId: string) => ({ call_id: callId, user_id: 'ada', tool: { slug: 'a' }, arguments: {} });
const id = '019b76da-a800-7000-8000-0000000000ab';

describe('the id of a call', () => {
  it('is refused in upper case: its outcome would carry another text, and its caller would wait for ever', () => {
    expect(callRequestSchema.safeParse(callOf(id)).success).toBe(true);
    const refused = callRequestSchema.safeParse(callOf(id.toUpperCase()));
    expect(refused.error?.issues).toMatchObject([{ path: ['call_id'], message: 'must be in lower case' }]);
  });
});

it.each([
  ['what waits', waitingQuerySchema],
  ['the dead', deadQuerySchema],
  ['refused records', refusedRecordQuerySchema],
])('refuses an unknown filter of a list, because the answer would look filtered: %s', (_, schema) => {
  expect(schema.safeParse({ limit: '5' }).success).toBe(true);
  expect(schema.safeParse({ limit: '5', statsu: 'dead' }).success).toBe(false);
});
