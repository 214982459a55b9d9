import type { RouteName } from '@action-mesh/contracts/gateway';

import { anyDocumentSchema, healthAnswerSchema } from './answer-schemas.js';
import { htmlPage } from './answers.js';
import type { RouteDocument } from './route-document.js';

const health = {
  200: { description: 'All is well.', schema: healthAnswerSchema },
  503: { description: 'Something is not well.', schema: healthAnswerSchema },
};
const unchanged = { description: 'The copy of the reader is the newest one.' };

/** The routes that describe the gateway itself. */
export const operationRoutes = {
  live: { area: 'operation', answers: health },
  ready: { area: 'operation', answers: health },
  readMetrics: {
    area: 'operation',
    answers: { 200: { description: 'Metrics in the text format of Prometheus.', types: ['text/plain'] } },
    problems: ['unauthorized'],
  },
  readOpenApi: {
    area: 'operation',
    headers: ['If-None-Match'],
    answers: {
      200: { description: 'This document.', schema: anyDocumentSchema, headers: ['ETag'] },
      304: unchanged,
    },
  },
  openReference: { area: 'pages', answers: { 200: htmlPage } },
  openReferencePart: {
    area: 'pages',
    headers: ['If-None-Match'],
    answers: {
      200: { description: 'A script or a style.', types: ['text/javascript', 'text/css'], headers: ['ETag'] },
      304: unchanged,
    },
    problems: ['not_found'],
  },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
