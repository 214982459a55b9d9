import { childSpan } from '@action-mesh/kernel';
import { z } from 'zod';

import { openTelemetry, telemetrySettings, telemetryVariables, type Telemetry } from '../src/index.js';
import { spanTimeMs, type FinishedSpan } from '../src/port.js';

const schema = z
  .object(telemetryVariables)
  .transform((variables, context) =>
    telemetrySettings(variables, { service: 'executor', environment: 'live' }, context),
  );

/** What a service would read from these variables: settings, or problems by variable. */
export function settingsFrom(
  variables: Record<string, string>,
): z.ZodSafeParseResult<z.output<typeof schema>> {
  return schema.safeParse(variables);
}

/** Telemetry with these variables, and what it gave up. */
export function opened(
  variables: Record<string, string>,
  maxQueued?: number,
): { readonly telemetry: Telemetry; readonly lost: { target: string; reason: string; spans: number }[] } {
  const settings = settingsFrom(variables).data;
  if (settings === undefined) throw new Error('the variables are not settings');
  const lost: { target: string; reason: string; spans: number }[] = [];
  const telemetry = openTelemetry(settings, {
    onLost: (target, reason, spans) => lost.push({ target, reason, spans }),
    ...(maxQueued === undefined ? {} : { maxQueued }),
  });
  return { telemetry, lost };
}

/** A span of a trace of its own. */
export function aSpan(overrides: Partial<FinishedSpan> = {}): FinishedSpan {
  const endMs = spanTimeMs();
  return {
    name: 'execute_tool crm_update',
    kind: 'internal',
    trace: childSpan(),
    startMs: endMs - 5,
    endMs,
    attributes: { 'gen_ai.operation.name': 'execute_tool' },
    ...overrides,
  };
}

/** The value of a metric in a scrape. */
export function metricIn(text: string, name: string): number | undefined {
  const line = text.split('\n').find((each) => each.startsWith(`${name}{`) || each.startsWith(`${name} `));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
}
