import type { AuditEntry } from '@action-mesh/contracts/audit';

import { textIn } from './content-member.js';

interface Wait {
  readonly reason: string;
  readonly until?: string;
  readonly scope?: string;
}

interface TriedAttempt {
  readonly attempt: number;
  readonly kind: string;
  readonly evidence: string;
  readonly status_code?: number;
}

/** One sentence about an entry, for people. */
export function entrySentence(entry: AuditEntry): string {
  const { kind, facts, status } = entry;
  switch (kind) {
    case 'call.accepted':
    case 'call.submitted':
      return [
        kind.slice('call.'.length),
        byKey(facts['key_id']),
        facts['mode'] === 'live' ? '' : `as ${text(facts['mode'])}`,
      ]
        .filter((part) => part !== '')
        .join(' ');
    case 'call.waiting':
    case 'call.indeterminate':
      return withReasons(entry, waits(facts['waiting'] as Wait | undefined, kind));
    case 'call.compensated':
      return `undone: ${compensations(facts['compensating_actions'])}`;
    case 'administration.intent':
    case 'administration.result':
      return `${entry.user_id ?? 'an erased person'} ${kind === 'administration.intent' ? 'begins' : 'ends'} ${text(facts['route'])}${statusOf(facts['status_code'])}`;
    default:
      return kind.startsWith('call.')
        ? withReasons(entry, ended(entry))
        : [kind.replace('.', ' '), status ?? ''].join(' ').trim();
  }
}

function waits(wait: Wait | undefined, kind: string): string {
  const what = kind === 'call.indeterminate' ? 'the effect is unknown' : 'waits';
  if (wait === undefined) return what;
  const until = wait.until === undefined ? '' : ` until ${clockTime(wait.until)}`;
  const scope = wait.scope === undefined ? '' : ` (${wait.scope})`;
  return `${what}: ${wait.reason.replaceAll('_', ' ')}${scope}${until}`;
}

function ended({ kind, facts }: AuditEntry): string {
  const attempts = facts['attempts'];
  const parts = [
    kind.slice('call.'.length).replaceAll('_', ' '),
    typeof attempts === 'number' && attempts > 0
      ? `after ${attempts} attempt${attempts === 1 ? '' : 's'}`
      : '',
    statusOf(facts['upstream_status_code']).trim(),
    facts['duplicate_of'] === undefined ? '' : `as a duplicate of ${text(facts['duplicate_of'])}`,
    facts['recovered'] === true ? 'by another executor, because the first one died' : '',
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** Adds the reasons: the failed attempt, the error, the rule, and the person who decided. */
function withReasons(entry: AuditEntry, sentence: string): string {
  const { facts } = entry;
  const tried = (facts['tried'] as readonly TriedAttempt[] | undefined)?.at(-1);
  const message = textIn(entry, '/error/message');
  const approver = textIn(entry, '/policy/decided_by');
  const rule = (facts['policy'] as { readonly rule?: string; readonly decision?: string } | undefined)?.rule;
  const decision = (facts['policy'] as { readonly decision?: string } | undefined)?.decision;
  const reasons = [
    tried === undefined
      ? ''
      : `${tried.kind} ${tried.attempt} was ${tried.evidence.replaceAll('_', ' ')}${statusOf(tried.status_code)}`,
    message ?? '',
    textIn(entry, '/approval_reason') ?? '',
    rule === undefined ? '' : `policy ${rule}: ${decision ?? ''}`,
    approver === undefined ? '' : `decided by ${approver}`,
    resolver(entry),
  ].filter((reason) => reason !== '');
  return reasons.length === 0 ? sentence : `${sentence}; ${reasons.join('; ')}`;
}

function resolver(entry: AuditEntry): string {
  const person = textIn(entry, '/resolved_by');
  return person === undefined ? '' : `settled by ${person}`;
}

function compensations(actions: unknown): string {
  const list = Array.isArray(actions)
    ? (actions as readonly { readonly tool: string; readonly status: string; readonly call_id: string }[])
    : [];
  return list.map(({ tool, status, call_id: id }) => `${tool} ${status} (${id})`).join(', ');
}

function byKey(keyId: unknown): string {
  return typeof keyId === 'string' ? `with key ${keyId}` : '';
}

function statusOf(code: unknown): string {
  return typeof code === 'number' ? ` with HTTP ${code}` : '';
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The time of day of a moment, in UTC. */
export function clockTime(at: string): string {
  const moment = new Date(at);
  return Number.isNaN(moment.getTime()) ? at : moment.toISOString().slice(11, 23);
}
