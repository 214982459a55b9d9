import * as authoring from '@action-mesh/flow-api';

import * as published from './index.js';

describe('the entry of flows', () => {
  it('has everything that the authoring API has', () => {
    expect({ ...published }).toEqual({ ...authoring });
  });
});
