/**
 * Milliseconds of processor time since `before`, a value of `process.cpuUsage()`. A bound on it holds on a busy machine
 * too, where a bound on elapsed time fails.
 */
export function processorMsSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
