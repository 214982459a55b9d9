import {
  connectCompletionSchema,
  connectionPageSchema,
  connectionQuerySchema,
  connectionViewSchema,
  connectSessionRequestSchema,
  connectSessionViewSchema,
  integrationRequestSchema,
  integrationViewSchema,
  providerViewSchema,
} from '@action-mesh/contracts/auth-broker';
import type { RouteName } from '@action-mesh/contracts/gateway';

import { proxyCallSchema } from '../../../domain/proxy-call.js';
import { connectWaitSchema } from '../connect-sessions.controller.js';
import { integrationRemovalSchema } from '../integrations.controller.js';
import { integrationListSchema, providerListSchema } from './answer-schemas.js';
import { answers200, htmlPage, removed } from './answers.js';
import { outcomeAnswerSchema } from './call-answer-schemas.js';
import { callRefusals, continuesAnswer } from './call-routes.js';
import type { RouteDocument } from './route-document.js';

const changes = ['right_missing', 'identity_conflict'] as const;
const pages = {
  200: htmlPage,
  303: { description: 'The browser goes on to the provider, or back to the program that began.' },
  400: htmlPage,
  403: htmlPage,
  404: htmlPage,
  409: htmlPage,
  410: htmlPage,
  503: htmlPage,
};

/** The routes for accounts of users. */
export const connectionRoutes = {
  createConnectSession: {
    area: 'connections',
    body: connectSessionRequestSchema,
    example: { user_id: 'ada', integration: 'github' },
    answers: {
      201: { description: 'The session; `url` is for the browser.', schema: connectSessionViewSchema },
    },
    problems: [...changes, 'user_not_allowed', 'integration_not_found', 'connect_session_not_found'],
  },
  findConnectSession: {
    area: 'connections',
    query: connectWaitSchema,
    answers: answers200('The session.', connectSessionViewSchema),
    problems: ['connect_session_not_found'],
  },
  completeConnectSession: {
    area: 'connections',
    body: connectCompletionSchema,
    answers: answers200('The session with its connection.', connectSessionViewSchema),
    problems: [...changes, 'connect_session_not_found'],
  },
  openConnectPage: { area: 'pages', answers: pages },
  submitConnectPage: { area: 'pages', answers: pages },
  openConnectLink: { area: 'pages', answers: pages },
  submitConnectLink: { area: 'pages', answers: pages },
  finishConsent: { area: 'pages', answers: pages },
  listProviders: { area: 'connections', answers: answers200('The providers.', providerListSchema) },
  findProvider: {
    area: 'connections',
    answers: answers200('The provider.', providerViewSchema),
    problems: ['provider_not_found'],
  },
  listIntegrations: {
    area: 'connections',
    answers: answers200('The integrations.', integrationListSchema),
  },
  findIntegration: {
    area: 'connections',
    answers: answers200('The integration, without its secret.', integrationViewSchema),
    problems: ['integration_not_found'],
  },
  putIntegration: {
    area: 'connections',
    body: integrationRequestSchema,
    example: { client_id: 'Iv1.8a61f9b3a7aba766', client_secret: 'the secret of the app', scopes: ['repo'] },
    answers: answers200('The integration. Register its `redirect_uri`.', integrationViewSchema),
    problems: [...changes, 'integration_not_found'],
  },
  removeIntegration: {
    area: 'connections',
    query: integrationRemovalSchema,
    answers: removed,
    problems: [...changes, 'integration_not_found'],
  },
  listConnections: {
    area: 'connections',
    query: connectionQuerySchema,
    answers: answers200('Connections, the oldest first.', connectionPageSchema),
    problems: ['user_not_allowed'],
  },
  findConnection: {
    area: 'connections',
    answers: answers200('The connection, without its credential.', connectionViewSchema),
    problems: ['connection_not_found'],
  },
  setDefaultConnection: {
    area: 'connections',
    answers: answers200('The connection.', connectionViewSchema),
    problems: [...changes, 'connection_not_found'],
  },
  disconnect: { area: 'connections', answers: removed, problems: [...changes, 'connection_not_found'] },
  proxyRequest: {
    area: 'connections',
    description: 'One request below the base URL of the integration. It is a call, and waits like one.',
    body: proxyCallSchema,
    example: { user_id: 'ada', method: 'GET', path: '/user', effect: 'read', scope: 'global' },
    headers: ['Idempotency-Key', 'Prefer'],
    answers: {
      200: {
        description: 'The request ended.',
        schema: outcomeAnswerSchema,
        headers: ['Preference-Applied', 'traceparent'],
      },
      202: continuesAnswer,
    },
    problems: [...callRefusals, 'integration_not_found', 'key_limited'],
  },
} as const satisfies Partial<Record<RouteName, RouteDocument>>;
