import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { events, type PublishedEvent } from '@action-mesh/contracts/events';
import { ownOpenApiDocument } from '@action-mesh/gateway';

import { asyncApiDocument } from './asyncapi.js';
import { callStates } from './call-states.js';
import { clientTypes } from './client-types.js';
import { eventSchema, messageName, type RecordedEvent } from './event-schema.js';
import { providerTables } from './provider-tables.js';
import { routeTables } from './route-tables.js';
import { topicTables } from './topic-tables.js';

const root = join(import.meta.dirname, '../../..');
const contracts = join(root, 'libs/contracts');
const fixtures = join(contracts, 'fixtures');
const docs = join(root, 'docs');

/** A file that is generated from the code. */
export interface GeneratedFile {
  readonly path: string;
  readonly content: string;
  /** The file is written once and never again. A published schema stays, so a difference is a mistake in the code. */
  readonly recordedOnce: boolean;
}

/** The file of an event's recorded record. It is written by hand, once per version. */
export function recordedEventPath(event: PublishedEvent): string {
  return join(fixtures, `${messageName(event)}.json`);
}

export function readRecordedEvent(event: PublishedEvent): RecordedEvent {
  return JSON.parse(readFileSync(recordedEventPath(event), 'utf8')) as RecordedEvent;
}

export function generatedFiles(): GeneratedFile[] {
  const manifest = JSON.parse(readFileSync(join(contracts, 'package.json'), 'utf8')) as {
    readonly version: string;
  };
  return [
    ...events.map((event) => ({
      path: join(fixtures, `${messageName(event)}.schema.json`),
      content: json(eventSchema(event)),
      recordedOnce: true,
    })),
    {
      path: join(docs, 'asyncapi.json'),
      content: json(asyncApiDocument(manifest.version, readRecordedEvent)),
      recordedOnce: false,
    },
    { path: join(docs, 'openapi.json'), content: json(ownOpenApiDocument()), recordedOnce: false },
    {
      path: join(root, 'clients/sdk/src/generated/api.ts'),
      content: clientTypes(ownOpenApiDocument()),
      recordedOnce: false,
    },
    { path: join(docs, 'topics.md'), content: topicTables(), recordedOnce: false },
    { path: join(docs, 'routes.md'), content: routeTables(), recordedOnce: false },
    { path: join(docs, 'call-states.md'), content: callStates(), recordedOnce: false },
    { path: join(docs, 'providers.md'), content: providerTables(), recordedOnce: false },
  ];
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
