import type { ExecutedCall, OutcomeFault, OutcomeWait } from '@action-mesh/sdk';

import { paintedStatus, type Painter } from '../terminal/text-color.js';
import { factLines } from '../terminal/aligned-table.js';
import { printable } from '../tools-import/shown-text.js';

/** The outcome of a call for people: its status, its result or its error, and the next step. */
export function outcomeText(outcome: ExecutedCall, paint: Painter): string {
  const head = `${paintedStatus(paint, outcome.status)} ${outcome.call_id}`;
  if (outcome.status === 'accepted') {
    return [head, `The call runs. Wait for it: mesh calls show ${outcome.call_id}`].join('\n');
  }
  const facts = factLines(
    [
      [
        'tool',
        outcome.tool.version === undefined
          ? outcome.tool.slug
          : `${outcome.tool.slug} ${outcome.tool.version}`,
      ],
      ['user', outcome.user_id],
      ['attempts', outcome.attempts],
      ['took', `${outcome.duration_ms} ms`],
      [
        'replayed',
        outcome.replayed ? `yes: the outcome of ${outcome.duplicate_of ?? 'the first call'}` : undefined,
      ],
    ],
    paint,
  );
  const lines = [head, ...facts];
  if ('error' in outcome) lines.push(...faultLines(outcome.error, paint));
  if (outcome.status === 'waiting') lines.push(...waitLines(outcome.waiting, paint));
  if ('preview' in outcome) lines.push('', prettyJson(outcome.preview));
  if ('result' in outcome && outcome.result !== undefined) lines.push('', prettyJson(outcome.result));
  if (outcome.cut !== undefined)
    lines.push(`The result is cut. All of it: mesh calls result ${outcome.call_id}`);
  if (outcome.status !== 'succeeded') lines.push('', `Why: mesh calls why ${outcome.call_id}`);
  return lines.join('\n');
}

/** An error of an outcome with its places and its fix. */
export function faultLines(fault: OutcomeFault, paint: Painter): string[] {
  const { code, category, message, fix, errors = [] } = fault;
  return [
    ...factLines(
      [
        ['error', `${message} (${code}, ${category})`],
        ['fix', fix],
      ],
      paint,
    ),
    ...errors.slice(0, 10).map((problem) => printable(`  ${problem.pointer}: ${problem.message}`)),
  ];
}

/** The reason of a wait, and the person or the time that ends it. */
export function waitLines(wait: OutcomeWait, paint: Painter): string[] {
  return factLines(
    [
      ['waits for', wait.reason],
      ['until', wait.until],
      ['limit of', wait.scope],
      ['connect at', wait.connect_url],
      ['missing', wait.missing_scopes?.join(' ')],
      ['approval', wait.approval && `${wait.approval.id}: ${wait.approval.reason}`],
    ],
    paint,
  );
}

/** JSON over several lines, without characters that control a terminal. */
export function prettyJson(value: unknown): string {
  return JSON.stringify(value ?? null, undefined, 2)
    .split('\n')
    .map((line) => printable(line))
    .join('\n');
}
