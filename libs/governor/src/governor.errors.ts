import { MeshError } from '@action-mesh/kernel';

/** A permit was settled twice: somebody would be counted twice, or two think that they hold it. */
export class PermitSettledError extends MeshError {
  readonly code = 'GOVERNOR_PERMIT_SETTLED';
  readonly retry = 'defect';
}
