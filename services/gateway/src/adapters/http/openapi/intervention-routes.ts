import {
  deadCallSchema,
  deadPageSchema,
  deadQuerySchema,
  redriveOneSchema,
  redriveReportSchema,
  redriveRequestSchema,
  refusedRecordPageSchema,
  refusedRecordQuerySchema,
} from '@action-mesh/contracts/executor';
import type { RouteName } from '@action-mesh/contracts/gateway';
import { limitPolicySchema, limitViewSchema } from '@action-mesh/contracts/rate-governor';

import { correctionSchema } from '../correction.controller.js';
import { breakerListSchema, limitListSchema } from './answer-schemas.js';
import { answers200, removed } from './answers.js';
import { outcomeAnswerSchema } from './call-answer-schemas.js';
import { callRefusals, continuesAnswer } from './call-routes.js';
import type { RouteDocument } from './route-document.js';

/** The routes for calls that need a person and for limits. */
export const interventionRoutes = {
  listDead: {
    area: 'dead letters',
    query: deadQuerySchema,
    answers: answers200('Dead calls, the newest first.', deadPageSchema),
  },
  findDead: {
    area: 'dead letters',
    answers: answers200('The dead call.', deadCallSchema),
    problems: ['dead_letter_not_found'],
  },
  redriveCalls: {
    area: 'dead letters',
    description: 'Requests with one `redrive_id` take each call once.',
    body: redriveRequestSchema,
    example: { filter: { tool: 'slack_post_message' }, dry_run: true },
    answers: answers200('The calls that the request took.', redriveReportSchema),
  },
  redriveCall: {
    area: 'dead letters',
    body: redriveOneSchema,
    isBodyOptional: true,
    answers: answers200('The report about the call.', redriveReportSchema),
    problems: ['dead_letter_not_found', 'verdict_needed'],
  },
  correctCall: {
    area: 'dead letters',
    body: correctionSchema,
    headers: ['Prefer'],
    answers: {
      200: {
        description: 'The new call ended.',
        schema: outcomeAnswerSchema,
        headers: ['Preference-Applied', 'traceparent'],
      },
      202: continuesAnswer,
    },
    problems: [...callRefusals, 'dead_letter_not_found', 'verdict_needed', 'verdict_not_needed'],
  },
  listRefused: {
    area: 'dead letters',
    query: refusedRecordQuerySchema,
    answers: answers200('Refused records, the newest first.', refusedRecordPageSchema),
  },
  listLimits: {
    area: 'limits',
    answers: answers200('The limits of the tenant, and those of the operator for it.', limitListSchema),
  },
  putLimit: {
    area: 'limits',
    body: limitPolicySchema,
    answers: answers200('The limit.', limitViewSchema),
    problems: ['invalid_limit', 'limit_is_code', 'limit_not_found'],
  },
  removeLimit: {
    area: 'limits',
    answers: removed,
    problems: ['invalid_limit', 'limit_is_code', 'limit_not_found'],
  },
  listBreakers: {
    area: 'limits',
    answers: answers200('Breakers and blocks, as one executor sees them.', breakerListSchema),
  },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
