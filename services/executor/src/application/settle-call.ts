import type { Tool } from '@action-mesh/contracts/catalog';
import { rungFor, type Tried, type WaitReason } from '@action-mesh/contracts/executor';
import { linkedArguments } from '@action-mesh/tools';
import { defined, type Clock } from '@action-mesh/kernel';

import type { Command } from '../domain/call.js';
import type { Ending } from '../domain/outcome.js';
import type { AttemptEvidence } from '../domain/attempt-evidence.js';
import { longestMemoryDelayMs, type AttemptVerdict } from '../domain/attempt-verdict.js';
import type { CallSession, MoveOptions } from './call-session.js';
import type { OwnedCall } from './ledger.port.js';
import type { ProviderAnswer } from './provider.port.js';
import type { RetryBudget } from './retry-budget.js';

/** The decision about a call, and its grounds. */
export interface Judged {
  readonly verdict: AttemptVerdict;
  readonly evidence?: AttemptEvidence;
  readonly answer?: ProviderAnswer;
  /** The history, if it has grown. */
  readonly tried?: readonly Tried[];
  /** An executor died during the attempt. The provider is not at fault, so the next attempt does not use its budget. */
  readonly lostByUs?: true;
}

export type Settled =
  /** Another request is due in `delayMs` milliseconds, and the call is still ours. */
  | { readonly kind: 'again'; readonly delayMs: number }
  | { readonly kind: 'done' }
  | { readonly kind: 'fenced' };

/** Milliseconds that a retry waits when the provider's budget is empty. */
const overBudgetMs = 10_000;

/** Writes the decision about a call: its end, its wait, or its immediate continuation. */
export class SettleCall {
  readonly #budget: RetryBudget;
  readonly #clock: Clock;

  constructor(budget: RetryBudget, clock: Clock) {
    this.#budget = budget;
    this.#clock = clock;
  }

  async execute(session: CallSession<OwnedCall>, tool: Tool, judged: Judged): Promise<Settled> {
    const { verdict, evidence } = judged;
    const { attempt, state } = session.state;
    const definite = evidence?.kind === 'answered';
    const lost: Command[] = state === 'DISPATCHING' ? [{ type: 'loseTrack' }] : [];
    const about = aboutAttempt(judged, tool);
    const write = (commands: readonly Command[], options: MoveOptions): Promise<boolean> =>
      session.move(commands, judged.tried === undefined ? options : { ...options, tried: judged.tried });
    const end = async (commands: readonly Command[], ending: Ending, late = false): Promise<Settled> =>
      (await write(commands, { ending, evidence: late })) ? { kind: 'done' } : { kind: 'fenced' };
    switch (verdict.kind) {
      case 'succeed':
        if (definite) this.#budget.succeeded(tool.provider.slug);
        return end([{ type: 'succeed', attempt }], { status: 'succeeded', ...about }, definite);
      case 'fail':
        return end(
          [{ type: 'fail', attempt }],
          { status: 'failed', failure: verdict.failure, ...about },
          definite,
        );
      case 'die':
        return end([{ type: 'die' }], { status: 'dead', failure: verdict.failure, ...about });
      case 'review':
        return end([...lost, { type: 'askPerson' }], {
          status: 'needs_review',
          failure: verdict.failure,
          ...about,
        });
      case 'probe':
        return (await write([...lost, { type: 'probe' }], {
          park: { delayMs: verdict.delayMs, reason: 'probe' },
          ending: {
            status: 'indeterminate',
            failure: verdict.failure,
            waiting: this.#until(verdict.delayMs, 'probe'),
            ...about,
          },
        }))
          ? { kind: 'done' }
          : { kind: 'fenced' };
      case 'retry': {
        const commands: Command[] = verdict.lostTrack ? [...lost, { type: 'retry' }] : [{ type: 'retry' }];
        const budgeted = judged.lostByUs === true || this.#budget.take(tool.provider.slug);
        const delayMs = budgeted ? verdict.delayMs : Math.max(verdict.delayMs, overBudgetMs);
        if (delayMs < longestMemoryDelayMs) {
          return (await write(commands, {})) ? { kind: 'again', delayMs } : { kind: 'fenced' };
        }
        const reason = budgeted ? 'retry' : 'retry_budget';
        const rung = rungFor(delayMs);
        const waitMs = rung?.delayMs ?? delayMs;
        return (await write(commands, {
          park: { delayMs: waitMs, reason, ...(rung === undefined ? {} : { rung: rung.topic }) },
          ending: {
            status: 'waiting',
            failure: verdict.failure,
            waiting: this.#until(waitMs, reason),
            ...about,
          },
        }))
          ? { kind: 'done' }
          : { kind: 'fenced' };
      }
    }
  }

  #until(delayMs: number, reason: WaitReason): NonNullable<Ending['waiting']> {
    return { reason, until: new Date(this.#clock.now() + delayMs).toISOString() };
  }
}

/** The provider's answer in the form of the outcome. */
function aboutAttempt({ evidence, answer }: Judged, tool: Tool): Pick<Ending, 'result' | 'upstream'> {
  const result = answer?.result === undefined ? {} : { result: answer.result };
  if (evidence?.kind !== 'answered') return result;
  return {
    ...result,
    upstream: {
      status_code: evidence.status,
      ...(answer?.incomplete === true ? { incomplete: true } : {}),
      ...defined({ location: evidence.location, next: nextPage(tool, evidence.nextQuery) }),
      ...(answer?.form === undefined ? {} : { body: answer.form }),
    },
  };
}

/** The arguments in the link to the next page. Only a tool that declares the link has them in its outcomes. */
function nextPage(tool: Tool, query: string | undefined): Readonly<Record<string, string>> | undefined {
  const { pagination } = tool;
  if (query === undefined || pagination?.by !== 'link' || pagination.at !== undefined) return undefined;
  return linkedArguments(tool, query);
}
