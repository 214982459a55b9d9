import type { Clock } from '@action-mesh/kernel';

import type { AskProvider } from './ask-provider.js';
import type { CallCredentials } from './call-credentials.js';
import type { Ledger } from './ledger.port.js';
import type { Provider } from './provider.port.js';
import type { RunReport } from './run-report.js';
import type { SettleCall } from './settle-call.js';
import type { Throttle } from './throttle.js';

/** Everything that the run of a call uses. */
export interface RunParts {
  readonly ledger: Ledger;
  readonly provider: Provider;
  readonly askProvider: AskProvider;
  readonly throttle: Throttle;
  readonly settleCall: SettleCall;
  readonly credentials: CallCredentials;
  readonly clock: Clock;
  readonly report: RunReport;
  /** A number in [0, 1) that spreads retries. @default Math.random */
  readonly random?: () => number;
}
