import { routes, type Route, type RouteName } from '@action-mesh/contracts/gateway';
import { defined } from '@action-mesh/kernel';
import type { z } from 'zod';

import type { ProblemCode } from '../problem-table.js';
import { modelAnswerSchema } from './call-answer-schemas.js';
import { documentHeaders, headerReference, requestHeaders } from './document-headers.js';
import {
  documentSchemas,
  queryParameterSchema,
  schemaReference,
  type DocumentSchema,
} from './document-schemas.js';
import { problemSchema } from './problem-schema.js';
import { areas, type DocumentedAnswer, type RouteDocument } from './route-document.js';
import { problemsOf, routeDocuments } from './route-documents.js';

/** The settings of the document. */
export interface DocumentOptions {
  readonly version: string;
  /** The origin of the gateway. @default the origin that served the document */
  readonly serverUrl?: string | undefined;
  /** Answers have no unknown members. @default false */
  readonly areAnswersClosed?: boolean;
}

/** The OpenAPI 3.1 document of the gateway, made from the table of routes and from the schemas that read requests. */
export function openApiDocument({ version, serverUrl = '/', areAnswersClosed }: DocumentOptions) {
  const problems = new ProblemAnswers();
  const paths = pathItems(problems);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Action Mesh',
      version,
      summary: 'Tool calls of AI agents, each with the credentials of its user, exactly once.',
      description:
        'Every route except the open ones needs an API key or a user token. Errors are problem documents (RFC 9457) with a stable `code` and a `fix`.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    security: [{ key: [] }],
    tags: Object.entries(areas)
      .filter(([name]) => Object.values(routeDocuments).some(({ area }) => area === name))
      .map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        key: {
          type: 'http',
          scheme: 'bearer',
          description: 'An API key (`mesh_…`), or a token that an issuer of the tenant signed for one user.',
        },
      },
      schemas: documentSchemas(areAnswersClosed),
      headers: documentHeaders,
      parameters: requestHeaders,
      responses: problems.responses,
    },
  };
}

/** The document as an object of JSON. */
export type GatewayDocument = ReturnType<typeof openApiDocument>;

/** The answers with problem documents. Routes with the same codes share one. */
class ProblemAnswers {
  readonly #responses = new Map<string, object>();

  get responses(): Readonly<Record<string, object>> {
    return Object.fromEntries([...this.#responses].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  reference(status: number, codes: readonly ProblemCode[], isForModels: boolean): object {
    const name = [status, ...(isForModels && mendable.includes(status) ? ['form'] : []), ...codes].join('.');
    if (!this.#responses.has(name)) this.#responses.set(name, problemAnswer(status, codes, isForModels));
    return { $ref: `#/components/responses/${name}` };
  }
}

/** The statuses of refusals that come in the form of a model. */
const mendable: readonly number[] = [404, 409, 413, 422];

function problemAnswer(status: number, codes: readonly ProblemCode[], isForModels: boolean): object {
  const headers = [
    ...(status === 401 || status === 403 ? (['WWW-Authenticate'] as const) : []),
    ...(status === 429 || status === 503 || codes.includes('toolkit_changed')
      ? (['Retry-After'] as const)
      : []),
    ...(status === 429 ? (['RateLimit-Limit', 'RateLimit-Remaining', 'RateLimit-Reset'] as const) : []),
  ];
  return {
    description: `A problem with the code ${codes.map((code) => `\`${code}\``).join(' or ')}.`,
    ...(headers.length === 0
      ? {}
      : { headers: Object.fromEntries(headers.map((header) => [header, headerReference(header)])) }),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            schemaReference(problemSchema, 'output'),
            { properties: { status: { const: status }, code: { enum: codes } } },
          ],
        },
      },
      ...(isForModels && mendable.includes(status)
        ? { 'application/json': { schema: schemaReference(modelAnswerSchema, 'output') } }
        : {}),
    },
  };
}

function pathItems(problems: ProblemAnswers): Record<string, Record<string, object>> {
  const paths: Record<string, Record<string, object>> = {};
  for (const [name, route] of Object.entries<Route>(routes)) {
    const path = route.path.replace(/:([a-zA-Z]+)/g, '{$1}');
    (paths[path] ??= {})[route.method.toLowerCase()] = operation(name as RouteName, route, problems);
  }
  return paths;
}

function operation(name: RouteName, route: Route, problems: ProblemAnswers): object {
  const document = routeDocuments[name];
  const needs = route.scope === 'open' ? undefined : `Needs the scope \`${route.scope}\`.`;
  const description = [document?.description, needs].filter((text) => text !== undefined).join('\n\n');
  const parameters = [
    ...pathParameters(route.path),
    ...(document === undefined ? [] : ownParameters(document)),
  ];
  return {
    operationId: name,
    summary: route.summary,
    ...(description === '' ? {} : { description }),
    ...(document === undefined ? {} : { tags: [document.area] }),
    ...(route.scope === 'open' ? { security: [] } : {}),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...defined({ requestBody: document && requestBody(route, document) }),
    responses: {
      ...Object.fromEntries(
        Object.entries<DocumentedAnswer>(document?.answers ?? {}).map(([status, answer]) => [
          status,
          responseOf(answer, document?.isForModels === true),
        ]),
      ),
      ...Object.fromEntries(
        [...problemsOf(name)]
          // A page answers some statuses itself.
          .filter(([status]) => document?.answers[status] === undefined)
          .map(([status, codes]) => [
            status,
            problems.reference(status, codes, document?.isForModels === true),
          ]),
      ),
    },
  };
}

function pathParameters(path: string): object[] {
  return [...path.matchAll(/:([a-zA-Z]+)/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', minLength: 1 },
  }));
}

function ownParameters({ query, headers = [] }: RouteDocument): object[] {
  const inQuery = Object.entries((query?.shape ?? {}) as Record<string, z.ZodType>).map(([name, schema]) => ({
    name,
    in: 'query',
    ...(schema.safeParse(undefined).success ? {} : { required: true }),
    schema: queryParameterSchema(schema),
  }));
  return [...inQuery, ...headers.map((header) => ({ $ref: `#/components/parameters/${header}` }))];
}

function requestBody(
  route: Route,
  { body, isBodyOptional = false, example }: RouteDocument,
): object | undefined {
  if (route.form === true)
    return { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } } };
  if (route.raw === true) return { content: { '*/*': { schema: { type: 'string' } } } };
  if (body === undefined) return undefined;
  const schema: DocumentSchema = schemaReference(body, 'input');
  return {
    required: !isBodyOptional,
    content: { 'application/json': { schema, ...(example === undefined ? {} : { example }) } },
  };
}

function responseOf(
  { description, schema, types = [], headers = [] }: DocumentedAnswer,
  isForModels: boolean,
) {
  const json = schema === undefined ? undefined : schemaReference(schema, 'output');
  const content = {
    ...(json === undefined
      ? {}
      : {
          'application/json': {
            schema: isForModels ? { anyOf: [json, schemaReference(modelAnswerSchema, 'output')] } : json,
          },
        }),
    ...Object.fromEntries(types.map((type) => [type, { schema: { type: 'string' } }])),
  };
  return {
    description,
    ...(headers.length === 0
      ? {}
      : { headers: Object.fromEntries(headers.map((header) => [header, headerReference(header)])) }),
    ...(Object.keys(content).length === 0 ? {} : { content }),
  };
}
