import { executorPoints } from '@action-mesh/executor/diagnostics';
import { compiledFile } from '@action-mesh/kernel';
import { messagingPoints } from '@action-mesh/messaging/diagnostics';

const points = { ...executorPoints, ...messagingPoints };

/** A diagnostic point that can crash an executor. */
export type CrashPoint = keyof typeof points;

export const crashPoints = Object.keys(points) as readonly CrashPoint[];

/** SIGKILL ends the process, SIGSTOP freezes it. */
export type CrashSignal = 'SIGKILL' | 'SIGSTOP';

export interface CrashOptions {
  /** The number of the pass through the point at which the process crashes. @default 1 */
  readonly passing?: number;
  /** @default 'SIGKILL' */
  readonly signal?: CrashSignal;
}

/** The preload that crashes a process at the point. */
export function crashAt(point: CrashPoint, { passing = 1, signal = 'SIGKILL' }: CrashOptions = {}): URL {
  const preload = compiledFile('./preloads/crash', import.meta.url);
  preload.search = new URLSearchParams({
    channel: points[point].name,
    passing: String(passing),
    signal,
  }).toString();
  return preload;
}

/** The line that a process prints when it crashes at the point. */
export function crashReport(point: CrashPoint, signal: CrashSignal): string {
  return `${signal} at ${points[point].name}\n`;
}
