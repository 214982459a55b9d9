import type { AuditEntry, CallStory } from '@action-mesh/contracts/audit';
import { defined } from '@action-mesh/kernel';

import { exactIn, textIn, valueIn } from './content-member.js';
import { entrySentence } from './entry-sentence.js';
import { storyText } from './story-text.js';

/** The entries with the thought and the action. */
const begins: ReadonlySet<string> = new Set(['call.accepted', 'call.submitted']);

/**
 * The story of one call, from its entries in any order. `duplicates` is the number of its other submissions that are not
 * told. Undefined: there are no entries.
 */
export function tellStory(entries: readonly AuditEntry[], duplicates = 0): CallStory | undefined {
  const ordered = [...entries].sort((one, other) => moment(one) - moment(other) || one.seq - other.seq);
  const accepted = ordered.find(({ kind }) => begins.has(kind));
  const outcomes = ordered
    .filter(({ kind }) => kind.startsWith('call.') && !begins.has(kind))
    .sort((one, other) => factOf(one, 'seq', 0) - factOf(other, 'seq', 0));
  const last = outcomes.at(-1);
  const some = accepted ?? last ?? ordered[0];
  if (some?.call_id === undefined) return undefined;
  const story: Omit<CallStory, 'text'> = {
    call_id: some.call_id,
    status: last?.status ?? some.status ?? 'accepted',
    ...defined({
      user_id: some.user_id,
      agent_id: some.agent_id,
      run_id: some.run_id,
      step: some.step,
      tool: some.tool,
      // A submission may name any version; the outcome names the one that ran.
      tool_version: some.tool_version ?? last?.tool_version,
      trace_id: some.trace_id,
      thought: textIn(accepted, '/thought'),
      prompt: valueIn(accepted, '/prompt') as CallStory['prompt'],
      arguments: exactIn(accepted, '/arguments'),
      ...observed(last),
      duplicates: duplicates === 0 ? undefined : duplicates,
    }),
    events: ordered.map((entry) => ({
      at: entry.at,
      seq: entry.seq,
      kind: entry.kind,
      text: entrySentence(entry),
    })),
  };
  return { ...story, text: storyText(story) };
}

function observed(last: AuditEntry | undefined) {
  if (last === undefined) return {};
  const { facts } = last;
  const code = facts['error_code'];
  return {
    result: exactIn(last, '/result'),
    error:
      typeof code === 'string'
        ? { code, ...defined({ category: last.error_category, message: textIn(last, '/error/message') }) }
        : undefined,
    attempts: factOf(last, 'attempts', undefined),
    duration_ms: factOf(last, 'duration_ms', undefined),
    status_code: factOf(last, 'upstream_status_code', undefined),
    circuit_breaker_status: facts['circuit_breaker_status'] as string | undefined,
    compensating_actions: facts['compensating_actions'] as CallStory['compensating_actions'],
  };
}

function moment({ at }: AuditEntry): number {
  return Date.parse(at);
}

function factOf<Absent>({ facts }: AuditEntry, name: string, absent: Absent): number | Absent {
  const value = facts[name];
  return typeof value === 'number' ? value : absent;
}
