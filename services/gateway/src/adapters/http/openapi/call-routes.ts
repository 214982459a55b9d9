import {
  callAttemptsSchema,
  callComparisonSchema,
  callPageSchema,
  callQuerySchema,
  cancelRequestSchema,
  comparisonQuerySchema,
  rescheduleRequestSchema,
  verdictRequestSchema,
  waitingPageSchema,
  waitingQuerySchema,
} from '@action-mesh/contracts/executor';
import type { RouteName } from '@action-mesh/contracts/gateway';
import { admissionRefusals } from '@action-mesh/admission';

import { outcomePollSchema } from '../../../application/outcome-query.js';
import { toolCallSchema } from '../../../domain/call-request.js';
import { answerFormSchema, submissionFormSchema } from '../answer-form.js';
import { outcomePageSchema } from './answer-schemas.js';
import { answers200 } from './answers.js';
import {
  callAnswerSchema,
  calledToolSchema,
  compensatedSagaSchema,
  continuedCallSchema,
  knownCallSchema,
  submittedCallsSchema,
  outcomeAnswerSchema,
} from './call-answer-schemas.js';
import { callsRequestSchema } from './request-schemas.js';
import type { DocumentedAnswer, RouteDocument } from './route-document.js';

/** The refusals of every request that makes a call. */
export const callRefusals = [
  ...admissionRefusals,
  'call_id_conflict',
  'call_too_large',
  'idempotency_key_conflict',
  'idempotency_key_invalid',
  'idempotency_key_mismatch',
  'preference_invalid',
  'switched_off',
  'tenant_backlog_full',
] as const;

/** The answer for a call that continues without its caller. */
export const continuesAnswer: DocumentedAnswer = {
  description: 'The call was accepted and has not ended. `Location` is its address.',
  schema: continuedCallSchema,
  headers: ['Location', 'Retry-After', 'Preference-Applied', 'traceparent'],
};

const ranHeaders = ['Preference-Applied', 'traceparent'] as const;
/** The ledger may give any of these reasons: the call can change meanwhile. */
const interventions = [
  'call_already_ended',
  'call_already_sent',
  'call_not_found',
  'call_not_waiting',
  'verdict_not_needed',
] as const;

const exampleCall = {
  user_id: 'ada',
  agent: { id: 'release-bot', run_id: 'run-17' },
  arguments: { channel: '#releases', text: 'Deploy is done.' },
};

/** The routes that submit calls, and that follow, show and undo them. */
export const callRoutes = {
  executeTool: {
    area: 'calls',
    description:
      'Waits for the outcome, as long as `Prefer: wait=N` says. `form` gives the arguments and the answer the form of a vendor.',
    query: answerFormSchema,
    body: toolCallSchema,
    example: exampleCall,
    headers: ['Idempotency-Key', 'Prefer'],
    answers: {
      200: { description: 'The call ended.', schema: calledToolSchema, headers: ['Location', ...ranHeaders] },
      202: continuesAnswer,
    },
    problems: callRefusals,
    isForModels: true,
  },
  submitCalls: {
    area: 'calls',
    description:
      'An array gives one entry for each call, in its order; a refused call refuses no other. One call waits only with `Prefer: wait=N`.',
    query: submissionFormSchema,
    body: callsRequestSchema,
    example: { ...exampleCall, tool: { slug: 'slack_post_message' } },
    headers: ['Idempotency-Key', 'Prefer'],
    answers: {
      200: { description: 'The call ended.', schema: outcomeAnswerSchema, headers: ranHeaders },
      202: { ...continuesAnswer, schema: submittedCallsSchema },
    },
    problems: [...callRefusals, 'idempotency_key_on_batch', 'too_many_calls'],
  },
  listCalls: {
    area: 'calls',
    description: 'A page can be short. Only an absent `cursor` marks the last page.',
    query: callQuerySchema,
    answers: answers200('Calls, the newest first.', callPageSchema),
  },
  findCall: {
    area: 'calls',
    query: answerFormSchema,
    answers: {
      200: { description: 'The call, in the form that `form` selects.', schema: knownCallSchema },
    },
    problems: ['call_not_found'],
    isForModels: true,
  },
  compareCalls: {
    area: 'calls',
    query: comparisonQuerySchema,
    answers: answers200('The differences between the requests of the two calls.', callComparisonSchema),
    problems: ['call_not_found'],
  },
  findAttempts: {
    area: 'calls',
    answers: answers200('The attempts, the oldest first.', callAttemptsSchema),
    problems: ['call_not_found', 'result_not_ready'],
  },
  findResult: {
    area: 'calls',
    description: 'The exact bytes of the provider, as an attachment with their content type.',
    answers: { 200: { description: 'The result.', types: ['*/*'] } },
    problems: ['call_not_found', 'result_not_found', 'result_not_ready'],
  },
  readOutcomes: {
    area: 'calls',
    description:
      'With `Accept: text/event-stream` the answer is a stream of server-sent events; `id` of an event continues it as `Last-Event-ID`. Otherwise the answer has the outcomes after `after`, and waits up to `wait` seconds for the first. `call_id` and `status` take lists, repeated or with commas. A stream takes neither `wait` nor `limit`.',
    query: outcomePollSchema,
    headers: ['Last-Event-ID'],
    answers: {
      200: {
        description: 'Outcomes, in the order of the log.',
        schema: outcomePageSchema,
        types: ['text/event-stream'],
      },
    },
    problems: ['cursor_expired', 'cursor_unknown', 'too_many_streams'],
  },
  listWaiting: {
    area: 'calls',
    query: waitingQuerySchema,
    answers: answers200('Waiting calls, the next due first.', waitingPageSchema),
  },
  cancelCall: {
    area: 'calls',
    body: cancelRequestSchema,
    isBodyOptional: true,
    answers: answers200('The present state of the call.', callAnswerSchema),
    problems: interventions,
  },
  rescheduleCall: {
    area: 'calls',
    body: rescheduleRequestSchema,
    answers: answers200('The present state of the call.', callAnswerSchema),
    problems: interventions,
  },
  resolveCall: {
    area: 'dead letters',
    body: verdictRequestSchema,
    example: { verdict: 'did_not_happen' },
    answers: answers200('The present state of the call.', callAnswerSchema),
    problems: interventions,
  },
  compensateCall: {
    area: 'calls',
    description: 'Runs the compensation of the tool, once for any number of requests. The body is not read.',
    headers: ['Prefer'],
    answers: {
      200: {
        description: 'The compensating call ended.',
        schema: outcomeAnswerSchema,
        headers: ranHeaders,
      },
      202: continuesAnswer,
    },
    problems: [...callRefusals, 'call_not_found', 'call_not_succeeded', 'not_compensable'],
  },
  compensateSaga: {
    area: 'calls',
    description: 'Undoes the calls that succeeded, the last first. The same request continues a stopped one.',
    headers: ['Prefer'],
    answers: {
      200: { description: 'Every call is undone.', schema: compensatedSagaSchema, headers: ranHeaders },
      202: {
        description: 'Some calls are not undone yet.',
        schema: compensatedSagaSchema,
        headers: ranHeaders,
      },
    },
    problems: [...callRefusals, 'call_not_found', 'call_not_succeeded'],
  },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
