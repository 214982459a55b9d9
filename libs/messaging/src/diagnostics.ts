import { DiagnosticPoint } from '@action-mesh/kernel';

/** Offsets that a consumer commits. */
export interface CommittedOffsets {
  readonly topic: string;
  readonly groupId: string;
  readonly offsets: readonly { readonly partition: number; readonly offset: number }[];
}

/** The diagnostic points of the Kafka runtime, by the last part of their names. */
export const messagingPoints = {
  /** The records before the offset are handled, but the broker does not have the offset yet. */
  before_offset_commit: new DiagnosticPoint<CommittedOffsets>('mesh:messaging:before_offset_commit'),
} as const;
