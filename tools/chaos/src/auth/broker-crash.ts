import { authBrokerPoints } from '@action-mesh/auth-broker/diagnostics';
import { compiledFile } from '@action-mesh/kernel';

import { refreshPoints, type Disturbance } from './auth-cells.js';

/**
 * The preload that kills the first broker at the point of a cell, and no second one. While the file exists, none is
 * killed.
 */
export function crashBrokerAt(disturbance: Disturbance, disarmed: string): readonly URL[] {
  const point = refreshPoints.find((known) => known === disturbance);
  if (point === undefined) return [];
  const preload = compiledFile('../preloads/crash', import.meta.url);
  preload.search = new URLSearchParams({
    channel: authBrokerPoints[point].name,
    signal: 'SIGKILL',
    passing: '1',
    unless: disarmed,
  }).toString();
  return [preload];
}
