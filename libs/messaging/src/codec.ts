import {
  defined,
  eventType,
  formatTraceparent,
  nestsDeeper,
  newId,
  parseTraceparent,
  schemaProblems,
  type EventData,
  type EventDefinition,
  type TraceContext,
} from '@action-mesh/kernel';
import { UndecodableRecordError } from './messaging.errors.js';
import { eventTenant } from './spans/event-tenant.js';
import {
  CloudEventHeader,
  maxRecordBytes,
  recordBytes,
  type IncomingRecord,
  type OutgoingRecord,
  type WireHeaders,
} from './wire.js';

const jsonContentType = 'application/json';

/** Deeper than any value of a person or provider. The stack of a schema check holds far more levels. */
const maxDepth = 512;

/** The type of an event definition's schema. */
export type EventSchema = EventDefinition['schema'];

export interface EncodeOptions {
  /** CloudEvents `source`: the publishing service as a URI reference, for example `/services/gateway`. */
  readonly source: string;
  /** @default a new UUIDv7 */
  readonly id?: string;
  /** Milliseconds since the Unix epoch. @default now */
  readonly timeMs?: number;
  readonly trace?: TraceContext;
  /** The span above `trace`, when `trace` is the span of the send. The producer then records that span. */
  readonly parentSpanId?: string;
  /** Further headers, `mesh-*`. */
  readonly headers?: WireHeaders;
}

export interface DecodedEvent<Data> {
  readonly data: Data;
  readonly id: string;
  readonly timeMs: number;
  readonly source: string;
  readonly trace?: TraceContext;
  readonly headers: WireHeaders;
}

/** An event as a record: CloudEvents 1.0, Kafka binding, binary mode. The data is not checked against the schema. */
export function encodeEvent<Schema extends EventSchema>(
  definition: EventDefinition<Schema>,
  data: EventData<EventDefinition<Schema>>,
  options: EncodeOptions,
): OutgoingRecord {
  const headers: Record<string, string> = {
    [CloudEventHeader.id]: options.id ?? newId(),
    [CloudEventHeader.type]: eventType(definition),
    [CloudEventHeader.source]: options.source,
    [CloudEventHeader.specversion]: '1.0',
    [CloudEventHeader.time]: new Date(options.timeMs ?? Date.now()).toISOString(),
    [CloudEventHeader.contentType]: jsonContentType,
    ...traceHeaders(options.trace),
  };
  // CloudEvents headers win over headers of the caller. A copy of the caller's headers would take as long as all the
  // rest of the record.
  for (const name in options.headers) headers[name] ??= options.headers[name] ?? '';
  return {
    topic: definition.topic,
    key: definition.key(data),
    value: Buffer.from(JSON.stringify(data)),
    headers,
    ...(options.trace === undefined || options.parentSpanId === undefined
      ? {}
      : {
          span: {
            trace: options.trace,
            parentSpanId: options.parentSpanId,
            ...defined({ tenantId: eventTenant(data) }),
          },
        }),
  };
}

/** A record that deletes a key of a compacted topic. */
export function encodeTombstone(definition: Pick<EventDefinition, 'topic'>, key: string): OutgoingRecord {
  return { topic: definition.topic, key, value: null, headers: {} };
}

/** The event in a record. Throws only {@link UndecodableRecordError}. */
export function decodeEvent<Schema extends EventSchema>(
  definition: EventDefinition<Schema>,
  record: IncomingRecord,
): DecodedEvent<EventData<EventDefinition<Schema>>> {
  const { headers } = record;
  if (recordBytes(record) > maxRecordBytes) {
    throw new UndecodableRecordError('RECORD_TOO_LARGE', `the record has more than ${maxRecordBytes} bytes`);
  }
  const id = requiredHeader(headers, CloudEventHeader.id);
  const type = requiredHeader(headers, CloudEventHeader.type);
  const source = requiredHeader(headers, CloudEventHeader.source);
  if (type !== eventType(definition)) {
    throw new UndecodableRecordError(
      'UNKNOWN_EVENT_TYPE',
      `the header ${CloudEventHeader.type} does not name an event of type ${eventType(definition)}`,
    );
  }
  checkContentType(headers[CloudEventHeader.contentType]);
  const timeMs = eventTimeMs(headers[CloudEventHeader.time], record.timestampMs);
  const trace = parseTraceparent(headers[CloudEventHeader.traceparent], headers[CloudEventHeader.tracestate]);
  const data = decodeData(definition, record);
  return trace === undefined
    ? { data, id, timeMs, source, headers }
    : { data, id, timeMs, source, headers, trace };
}

/** `traceparent` and `tracestate`, when there is a trace. */
export function traceHeaders(trace: TraceContext | undefined): WireHeaders {
  if (trace === undefined) return {};
  const traceparent = formatTraceparent(trace);
  return trace.state === undefined
    ? { [CloudEventHeader.traceparent]: traceparent }
    : { [CloudEventHeader.traceparent]: traceparent, [CloudEventHeader.tracestate]: trace.state };
}

function decodeData<Schema extends EventSchema>(
  definition: EventDefinition<Schema>,
  record: IncomingRecord,
): EventData<EventDefinition<Schema>> {
  if (record.key === null) throw new UndecodableRecordError('NULL_KEY', 'the record has no key');
  if (record.value === null) throw new UndecodableRecordError('NULL_VALUE', 'the record has no value');
  if (nestsDeeper(record.value, maxDepth)) {
    throw new UndecodableRecordError('TOO_DEEP', `arrays and objects are nested more than ${maxDepth} deep`);
  }
  let json: unknown;
  try {
    json = JSON.parse(record.value.toString('utf8'));
  } catch {
    // The parser's message quotes the payload, so this error neither passes it on nor keeps it as the cause.
    throw new UndecodableRecordError('INVALID_JSON', 'the value is not JSON');
  }
  const parsed = definition.schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const problems = schemaProblems(parsed.error.issues);
  const where = problems.slice(0, 5).map(({ pointer, message }) => `${pointer || 'the value'}: ${message}`);
  throw new UndecodableRecordError(
    'SCHEMA_VIOLATION',
    `the data does not match the schema at ${where.join('; ')}`,
  );
}

function requiredHeader(headers: WireHeaders, name: string): string {
  const value = headers[name];
  if (value === undefined || value === '') {
    throw new UndecodableRecordError('MISSING_HEADER', `the header ${name} is missing`);
  }
  return value;
}

function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined || contentType === jsonContentType) return;
  const [essence = '', ...parameters] = contentType.toLowerCase().split(';');
  if (essence.trim() === jsonContentType && parameters.every(allowsUtf8)) return;
  throw new UndecodableRecordError(
    'UNSUPPORTED_CONTENT_TYPE',
    `the content type is not ${jsonContentType} in UTF-8`,
  );
}

/**
 * Whether a content type parameter allows UTF-8. Text in another charset would be read as UTF-8 and silently change.
 */
function allowsUtf8(parameter: string): boolean {
  const [name = '', value = ''] = parameter.split('=', 2);
  return name.trim() !== 'charset' || ['utf-8', 'utf8'].includes(value.trim().replaceAll('"', ''));
}

function eventTimeMs(time: string | undefined, recordTimestampMs: number): number {
  if (time === undefined) return recordTimestampMs;
  const timeMs = Date.parse(time);
  if (Number.isNaN(timeMs))
    throw new UndecodableRecordError('INVALID_TIME', 'ce_time is not a date and time');
  return timeMs;
}
