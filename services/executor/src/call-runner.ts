import type { Governor } from '@action-mesh/governor/port';
import type { Clock } from '@action-mesh/kernel';

import type { Approvals } from './application/approvals.port.js';
import { AskProvider } from './application/ask-provider.js';
import type { CallCredentials } from './application/call-credentials.js';
import type { DecidingPolicies } from './application/call-policies.js';
import type { CallSwitches } from './application/call-hold.js';
import type { CallRecords } from './application/administration/call-records.port.js';
import type { FairShare } from './application/fair-share.js';
import { FileSlots } from './application/file-slots.js';
import type { FileFetcher, StoredResults } from './application/files.port.js';
import type { Ledger } from './application/ledger.port.js';
import { LoadRequest } from './application/load-request.js';
import type { Provider } from './application/provider.port.js';
import { PolicyGate } from './application/policy-gate.js';
import { RecordCall } from './application/record-call.js';
import { RehearseCall } from './application/rehearse-call.js';
import type { RequestPreview } from './application/request-preview.port.js';
import { ResumeCall } from './application/resume-call.js';
import { RetryBudget } from './application/retry-budget.js';
import { RunCall } from './application/run-call.js';
import type { RunReport } from './application/run-report.js';
import { RunUpload } from './application/run-upload.js';
import { SettleCall } from './application/settle-call.js';
import { Throttle, type PermitWatch } from './application/throttle.js';
import { ThrottleSpacing } from './application/throttle-spacing.js';
import type { Tools } from './application/tools.port.js';

export interface CallRunnerParts {
  readonly ledger: Ledger;
  readonly tools: Tools;
  readonly provider: Provider & RequestPreview;
  readonly files: FileFetcher;
  readonly records: Pick<CallRecords, 'intended'> & StoredResults;
  readonly governor: Governor;
  readonly switches: CallSwitches;
  readonly share: FairShare;
  readonly credentials: CallCredentials;
  readonly policies: DecidingPolicies;
  readonly approvals: Pick<Approvals, 'ofCall'>;
  readonly clock: Clock;
  readonly report: RunReport;
  /** Sees waits for permits. */
  readonly permits: PermitWatch;
}

/** About 30 MB each while they are built. Two slots stay for other tenants. */
const fileSlots = { total: 8, perTenant: 6 };

/** The use cases that run calls: new calls from the log, and calls from the ledger. */
export interface CallRunner {
  readonly recordCall: RecordCall;
  readonly resumeCall: ResumeCall;
  readonly spacing: ThrottleSpacing;
}

/** Composes the parts that run a call, from its record to its end. */
export function composeCallRunner(parts: CallRunnerParts): CallRunner {
  const { ledger, tools, provider, share, clock, report, credentials } = parts;
  const spacing = new ThrottleSpacing(clock);
  const throttle = new Throttle(parts.governor, parts.switches, spacing, clock, parts.permits);
  const runCall = new RunCall({
    ledger,
    provider,
    askProvider: new AskProvider(tools, provider, clock),
    throttle,
    settleCall: new SettleCall(new RetryBudget(clock), clock),
    credentials,
    clock,
    report,
  });
  const runUpload = new RunUpload({
    ledger,
    records: parts.records,
    throttle,
    loadRequest: new LoadRequest(parts.files, parts.records, clock),
    runCall,
    credentials,
    slots: new FileSlots(fileSlots),
    clock,
    report,
  });
  const { policies, approvals } = parts;
  const rehearseCall = new RehearseCall({ throttle, credentials, preview: provider, policies });
  const policyGate = new PolicyGate({ policies, approvals, clock });
  return {
    spacing,
    recordCall: new RecordCall({
      ledger,
      tools,
      share,
      throttle,
      runCall,
      clock,
      credentials,
      rehearseCall,
      policyGate,
    }),
    resumeCall: new ResumeCall({
      ledger,
      tools,
      share,
      runCall,
      runUpload,
      rehearseCall,
      policyGate,
      report,
    }),
  };
}
