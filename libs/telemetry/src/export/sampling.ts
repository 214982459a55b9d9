import { childSpan, type TraceContext } from '@action-mesh/kernel';

/**
 * The first span of a trace that nobody above has decided on. A share of traces is sampled, by their ids: every process
 * would decide alike.
 */
export function sampledRoot(ratio: number): TraceContext {
  const root = childSpan();
  return ratio >= 1 || isWithin(root.traceId, ratio) ? root : { ...root, sampled: false };
}

function isWithin(traceId: string, ratio: number): boolean {
  return Number.parseInt(traceId.slice(-8), 16) < ratio * 0x1_0000_0000;
}
