import { MeshClientError } from './mesh.errors.js';

/**
 * Runs a part of a call. Its errors of the mesh get the id of the call, so that the caller can look the call up. A refusal
 * before the call was accepted gets none, since there is no call then.
 */
export async function withCallIdInErrors<T>(
  callId: string,
  phase: 'submission' | 'after acceptance',
  run: () => Promise<T>,
): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof MeshClientError && (phase === 'after acceptance' || mayHaveArrived(error))) {
      Object.assign(error, { callId: error.callId ?? callId });
    }
    throw error;
  }
}

/** True when the error leaves open whether the mesh took the request. */
export function mayHaveArrived({ status }: MeshClientError): boolean {
  return status === undefined || status >= 500;
}
