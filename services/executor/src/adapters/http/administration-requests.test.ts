import { callerHeaders } from '@action-mesh/contracts';

import { intervenerOf } from './administration-requests.js';

describe('the caller of an intervention', () => {
  const headers = callerHeaders({ tenantId: 'acme', holder: 'Ada Łódź', scopes: new Set() });

  it('is the holder of the key, in the tenant of the key', () => {
    expect(intervenerOf(headers)).toEqual({ tenantId: 'acme', by: 'Ada Łódź' });
  });

  it.each(Object.keys(headers).filter((name) => name !== 'x-mesh-scopes'))(
    'is unknown without the header %s, and then no call is found',
    (name) => {
      const { [name]: _gone, ...others } = headers;
      expect(() => intervenerOf(others)).toThrow('no such call');
    },
  );
});
