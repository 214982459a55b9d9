/**
 * `npm run new-key -- [api|publisher] [dev|test|live]`: prints a fresh key, for AUTH_BROKER_PLATFORM_KEY or
 * AUTH_BROKER_PLATFORM_PUBLISHER. `npm run new-key -- vault`: prints a fresh entry for AUTH_BROKER_KEYS. `npm run new-key --
 * audit`: prints a fresh AUDIT_SIGNING_KEY. Nothing keeps any of them.
 */
import { randomBytes } from 'node:crypto';

import { environmentSchema } from '@action-mesh/contracts/auth-broker';
import { newKeyText } from '@action-mesh/identity';
import { newVaultKey } from '@action-mesh/vault';

const [use = 'api', environment = 'dev'] = process.argv.slice(2);
const known = environmentSchema.safeParse(environment);
if (use === 'vault' && process.argv.length === 3) {
  console.log(newVaultKey());
} else if (use === 'audit' && process.argv.length === 3) {
  console.log(randomBytes(32).toString('base64url'));
} else if ((use === 'api' || use === 'publisher') && known.success) {
  console.log(newKeyText(use, known.data));
} else {
  console.error(
    'usage: npm run new-key -- [api|publisher] [dev|test|live], or npm run new-key -- vault|audit',
  );
  process.exitCode = 2;
}
