import { MeshError } from '@action-mesh/kernel';

/** A permit was settled twice. Its request would be counted twice, or two owners use one permit. */
export class PermitSettledError extends MeshError {
  readonly code = 'GOVERNOR_PERMIT_SETTLED';
  readonly retry = 'defect';
}
