/**
 * `npm run new-key -- [api|publisher] [dev|test|live]`: prints a fresh key, for AUTH_BROKER_PLATFORM_KEY or
 * AUTH_BROKER_PLATFORM_PUBLISHER. Nothing keeps it.
 */
import { environmentSchema } from '@action-mesh/contracts/auth-broker';
import { newKeyText } from '@action-mesh/identity';

const [use = 'api', environment = 'dev'] = process.argv.slice(2);
const known = environmentSchema.safeParse(environment);
if ((use === 'api' || use === 'publisher') && known.success) {
  console.log(newKeyText(use, known.data));
} else {
  console.error('usage: npm run new-key -- [api|publisher] [dev|test|live]');
  process.exitCode = 2;
}
