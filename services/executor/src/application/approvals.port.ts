import type {
  ApprovalPage,
  ApprovalQuery,
  ApprovalStatus,
  ApprovalSummary,
} from '@action-mesh/contracts/executor';
import type { AcceptedCall } from '@action-mesh/contracts/gateway';

/** The content of an approval, as JSON in its row. */
export interface ApprovalAbout {
  readonly rule?: { readonly id: string; readonly revision: number; readonly reason: string };
  readonly reason: string;
  readonly digest: string;
  readonly key_id?: string;
  readonly agent?: NonNullable<AcceptedCall['agent']>;
}

/** The newest approval of a call, by the clock of the ledger. */
export interface KnownApproval {
  readonly id: string;
  readonly status: ApprovalStatus;
  /** Whether its time is over. An approval that was given counts until then. */
  readonly isOver: boolean;
  /** Milliseconds until its time is over. */
  readonly leftMs: number;
  readonly expiresAt: string;
  readonly about: ApprovalAbout;
  readonly decidedBy?: string;
  readonly note?: string;
}

/** An approval with its call. */
export interface FoundApproval {
  readonly summary: ApprovalSummary;
  readonly call: AcceptedCall;
}

/** The decision of a person. */
export interface PersonsDecision {
  readonly tenantId: string;
  readonly id: string;
  readonly decision: 'approved' | 'rejected';
  readonly by: string;
  readonly note?: string;
}

/** The approvals in the ledger. Every method covers one tenant. */
export interface Approvals {
  /** The newest approval that a call asked for in its present life: since its record, or since its newest redrive. */
  ofCall(call: AcceptedCall, redrives: number): Promise<KnownApproval | undefined>;
  page(tenantId: string, query: ApprovalQuery): Promise<ApprovalPage>;
  find(tenantId: string, id: string): Promise<FoundApproval | undefined>;
  /**
   * Writes the decision if there is none yet and the time is not over, and lets the call go. False: another one came first,
   * or the time is over.
   */
  decide(decision: PersonsDecision): Promise<boolean>;
}

export const Approvals = Symbol('Approvals');
