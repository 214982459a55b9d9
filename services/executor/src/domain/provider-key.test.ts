import { providerKeyOf } from './provider-key.js';

const call = { tenant_id: 'acme', user_id: 'ada', call_id: '019b76da-a800-7000-8000-000000000001' };

describe('the key of a call at its provider', () => {
  it('is a UUID, and the same for every attempt', () => {
    expect(providerKeyOf(call)).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
    expect(providerKeyOf({ ...call })).toBe(providerKeyOf(call));
  });

  it('differs for the same call id of another tenant or user', () => {
    const keys = [call, { ...call, tenant_id: 'globex' }, { ...call, user_id: 'bob' }].map(providerKeyOf);
    expect(new Set(keys).size).toBe(3);
  });
});
