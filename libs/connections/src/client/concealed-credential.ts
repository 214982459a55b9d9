import { inspect } from 'node:util';

import type { LeasedCredential } from '../token-lease.js';

const shown = (): string => '[credential]';

/** A credential that logs, errors and JSON show as a mask. Its members stay readable for the code that attaches it. */
export function concealed(credential: LeasedCredential): LeasedCredential {
  return Object.defineProperties(
    { ...credential },
    {
      toJSON: { value: shown },
      [inspect.custom]: { value: shown },
    },
  );
}
