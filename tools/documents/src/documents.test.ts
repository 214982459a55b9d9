import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';

import { topics } from '@action-mesh/contracts';
import { events } from '@action-mesh/contracts/events';
import { CallAccepted } from '@action-mesh/contracts/gateway';
import { callHash, contentHash, type JsonValue } from '@action-mesh/kernel';
import { Ajv, type Options } from 'ajv';
import formats from 'ajv-formats';

import { asyncApiDocument } from './asyncapi.js';
import { eventSchema, messageName } from './event-schema.js';
import { generatedFiles, readRecordedEvent, recordedEventPath } from './generated-files.js';

interface ObjectSchema {
  readonly properties?: object;
}

const byName = events.map((event) => [messageName(event), event] as const);
const document = asyncApiDocument('0.0.0', readRecordedEvent);

/** A validator that knows the formats. It is not strict, because the schemas also carry keywords for people. */
function validator(options: Options = {}): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, ...options });
  formats.default(ajv);
  return ajv;
}

describe('a published event', () => {
  it.each(byName)('%s: its recorded record still decodes, with the same key', (name, event) => {
    const recorded = readRecordedEvent(event);
    expect(recorded.headers).toMatchObject({
      ce_type: name,
      ce_specversion: '1.0',
      'content-type': 'application/json',
    });
    expect(recorded.headers['ce_id']).toBeTruthy();
    const data = event.definition.schema.parse(recorded.value);
    expect(data).toEqual(recorded.value);
    expect(event.definition.key(data)).toBe(recorded.key);
  });

  it.each(byName)(
    '%s: its recorded record uses every field, so a test notices each dropped field',
    (_, event) => {
      const schema = eventSchema(event) as {
        readonly properties?: object;
        readonly oneOf?: readonly ObjectSchema[];
      };
      const fields = (schema.oneOf ?? [schema]).map(({ properties = {} }) => Object.keys(properties).sort());
      expect(fields).toContainEqual(Object.keys(readRecordedEvent(event).value as object).sort());
    },
  );

  it.each(byName)('%s: its records fit the published JSON Schema', (name, event) => {
    const ajv = validator().addSchema({ $id: 'asyncapi.json', components: document.components });
    const recorded = readRecordedEvent(event);
    const payload = ajv.compile({ $ref: `asyncapi.json#/components/schemas/${name}` });
    const headers = ajv.compile({ $ref: `asyncapi.json#/components/messages/${name}/headers` });
    expect(payload(recorded.value) || payload.errors).toBe(true);
    expect(headers(recorded.headers) || headers.errors).toBe(true);
    expect(payload({})).toBe(false);
  });

  it('is in the list of events, one for each versioned file', () => {
    const sources = readdirSync(join(import.meta.dirname, '../../../libs/contracts/src'), {
      recursive: true,
      encoding: 'utf8',
    });
    expect(events).toHaveLength(sources.filter((file) => /\.v\d+\.ts$/.test(file)).length);
  });

  it('stays published: every recorded record has its event', () => {
    const [[, first] = []] = byName;
    if (first === undefined) throw new Error('there are no events');
    const recorded = readdirSync(dirname(recordedEventPath(first))).filter(
      (file) => !file.endsWith('.schema.json'),
    );
    expect(recorded.sort()).toEqual(events.map((event) => basename(recordedEventPath(event))).sort());
  });

  it('has a unique name and a topic of the manifest', () => {
    const names = byName.map(([name]) => name);
    expect(new Set(names).size).toBe(names.length);
    const known: string[] = Object.values(topics).map(({ name }) => name);
    for (const event of events) expect(known).toEqual(expect.arrayContaining([...event.topics]));
  });
});

describe('an accepted call', () => {
  it('keeps its recorded hash: another one would run the same call again', () => {
    const recorded = readRecordedEvent({
      owner: 'gateway',
      definition: CallAccepted,
      topics: [CallAccepted.topic],
    });
    const call = CallAccepted.schema.parse(recorded.value);
    const content = { tool: call.tool.slug, majorVersion: 1, arguments: call.arguments as JsonValue };
    expect(contentHash(content)).toBe(call.content_hash);
    expect(callHash({ ...content, scope: call.scope, occurrence: call.occurrence ?? '' })).toBe(call.hash);
  });
});

describe('the generated files', () => {
  it.each(generatedFiles().map((file) => [file.path.split('/').slice(-2).join('/'), file] as const))(
    '%s matches the code',
    (_, { path, content }) => {
      expect(readFileSync(path, 'utf8')).toBe(content);
    },
  );

  it('hold a valid AsyncAPI 3.0 document', () => {
    const path = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0.json');
    // The meta-schema itself adds draft 7.
    const validate = validator({ meta: false, validateSchema: false }).compile(
      JSON.parse(readFileSync(path, 'utf8')) as object,
    );
    expect(validate(document) || validate.errors).toBe(true);
    expect(validate({ ...document, channels: { broken: { address: 1 } } })).toBe(false);
  });

  it('hold no dangling reference', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"(#[^"]+)"/g);
    let followed = 0;
    for (const [, reference = ''] of references) {
      const target = reference
        .slice(2)
        .split('/')
        .reduce<unknown>((node, step) => (node as Record<string, unknown> | undefined)?.[step], document);
      expect([reference, target]).toEqual([reference, expect.anything()]);
      followed += 1;
    }
    expect(followed).toBeGreaterThan(20);
  });
});
