import type { JsonSchema } from '@action-mesh/tools';

import { isJsonObject, listAt, member, objectAt, stringAt, type ReadonlyJsonObject } from '../json-object.js';
import { declaredTypes, inPlaceSchemas, meantType } from './sample-parts.js';

/** No value could be made up. */
export const none = Symbol('NONE');

const deepest = 16;
const mostSteps = 5_000;
const longest = 100;

const texts: Readonly<Record<string, string>> = {
  date: '2026-01-31',
  'date-time': '2026-01-31T12:00:00Z',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'ada@example.com',
  hostname: 'example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  'iso-date-time': '2026-01-31T12:00:00Z',
  'iso-time': '12:00:00Z',
  'json-pointer': '/a',
  'relative-json-pointer': '0/a',
  regex: 'a',
  uri: 'https://example.com/',
  'uri-reference': 'https://example.com/',
  'uri-template': 'https://example.com/',
  url: 'https://example.com/',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  byte: 'YQ==',
};

/**
 * Makes up a small value that a converted schema should accept, with only the required members. Each further
 * `variant` selects other alternatives, and from the fourth on the value also has optional members. Patterns are
 * ignored.
 */
export function sampleValue(root: JsonSchema, variant: number): unknown {
  return new SampleWriter(root, variant).write([root], 0);
}

class SampleWriter {
  readonly #root: JsonSchema;
  readonly #variant: number;
  #steps = 0;

  constructor(root: JsonSchema, variant: number) {
    this.#root = root;
    this.#variant = variant;
  }

  /** A value that all of these schemas accept. */
  write(schemas: readonly unknown[], depth: number): unknown {
    this.#steps += 1;
    const parts = inPlaceSchemas(this.#root, schemas, this.#variant);
    if (parts === undefined || depth > deepest || this.#steps > mostSteps) return none;
    const listed = this.#listed(parts);
    if (listed !== undefined) return listed;
    const types = declaredTypes(parts) ?? [meantType(parts)];
    if (types.length === 0) return none;
    const type = types.find((each) => each !== 'null') ?? 'null';
    switch (type) {
      case 'null':
        return null;
      case 'boolean':
        return true;
      case 'object':
        return this.#object(parts, depth);
      case 'array':
        return this.#list(parts, depth);
      case 'string':
        return this.#text(parts);
      default:
        return number(parts, type === 'integer');
    }
  }

  #listed(parts: readonly ReadonlyJsonObject[]): unknown {
    const lists = parts.flatMap((part) => {
      if (Object.hasOwn(part, 'const')) return [[part['const']]];
      return Array.isArray(part['enum']) ? [part['enum'] as unknown[]] : [];
    });
    const [first, ...others] = lists;
    if (first === undefined) return undefined;
    const types = declaredTypes(parts);
    const common = first.filter(
      (value) =>
        (types === undefined || isOfTypes(value, types)) &&
        others.every((list) => list.some((each) => JSON.stringify(each) === JSON.stringify(value))),
    );
    return common.length === 0 ? none : common[this.#variant % common.length];
  }

  #object(parts: readonly ReadonlyJsonObject[], depth: number): unknown {
    const required = new Set(
      parts.flatMap((part) => listAt(part, 'required').filter((name) => typeof name === 'string')),
    );
    const known = new Set(parts.flatMap((part) => Object.keys(objectAt(part, 'properties'))));
    const least = largest(parts, 'minProperties') ?? 0;
    const optional = [...known].filter((name) => !required.has(name));
    const value: Record<string, unknown> = {};
    for (const name of required) {
      const child = this.#member(parts, name, depth);
      if (child === none) return none;
      value[name] = child;
    }
    for (const name of optional) {
      if (this.#variant < 4 && Object.keys(value).length >= least) break;
      const child = this.#member(parts, name, depth);
      if (child !== none) value[name] = child;
    }
    for (let count = 0; Object.keys(value).length < least && count < longest; count += 1) {
      const child = this.#member(parts, `x${count}`, depth);
      if (child === none) return none;
      value[`x${count}`] = child;
    }
    return value;
  }

  #member(parts: readonly ReadonlyJsonObject[], name: string, depth: number): unknown {
    const schemas = parts.flatMap((part) => {
      const own = member(objectAt(part, 'properties'), name);
      if (own !== undefined) return [own];
      const others = member(part, 'additionalProperties');
      return others === undefined ? [] : [others];
    });
    return this.write(schemas, depth + 1);
  }

  #list(parts: readonly ReadonlyJsonObject[], depth: number): unknown {
    const least = largest(parts, 'minItems') ?? 0;
    const most = smallest(parts, 'maxItems') ?? longest;
    if (least > most || least > longest) return none;
    const items = parts.flatMap((part) => (part['items'] === undefined ? [] : [part['items']]));
    const first = most === 0 ? none : this.write(items, depth + 1);
    if (first === none) return least === 0 ? [] : none;
    const rest = Array.from({ length: Math.max(1, least) - 1 }, (_, at) =>
      typeof first === 'number' ? first + at + 1 : typeof first === 'string' ? `${first}${at}` : first,
    );
    return [first, ...rest];
  }

  #text(parts: readonly ReadonlyJsonObject[]): unknown {
    const least = largest(parts, 'minLength') ?? 0;
    const most = smallest(parts, 'maxLength') ?? Infinity;
    if (least > most || least > 100_000) return none;
    const format = parts.map((part) => stringAt(part, 'format')).find((each) => each !== undefined);
    const known = format === undefined ? undefined : texts[format];
    if (known !== undefined && (known.length < least || known.length > most)) return none;
    const text = known ?? 'x';
    return text.padEnd(least, 'x').slice(0, most);
  }
}

function number(parts: readonly ReadonlyJsonObject[], isInteger: boolean): unknown {
  const least = largest(parts, 'minimum');
  const above = largest(parts, 'exclusiveMinimum');
  const most = smallest(parts, 'maximum');
  const under = smallest(parts, 'exclusiveMaximum');
  const declaredStep = largest(parts, 'multipleOf');
  const step = declaredStep ?? 1;
  const fits = (value: number): boolean =>
    (least === undefined || value >= least) &&
    (above === undefined || value > above) &&
    (most === undefined || value <= most) &&
    (under === undefined || value < under) &&
    (declaredStep === undefined || Number.isInteger(Number((value / step).toPrecision(12)))) &&
    (!isInteger || Number.isInteger(value));
  const low = Math.max(least ?? -Infinity, above ?? -Infinity);
  const high = Math.min(most ?? Infinity, under ?? Infinity);
  const from = (bound: number, direction: number): number[] =>
    Number.isFinite(bound)
      ? [bound, (Math.floor(bound / step) + direction) * step, Math.ceil(bound / step) * step]
      : [];
  const candidates = [step, 0, ...from(low, 1), ...from(high, 0), ...from(high, -1), (low + high) / 2];
  return candidates.find(fits) ?? none;
}

function isOfTypes(value: unknown, types: readonly string[]): boolean {
  return types.some((type) => {
    if (type === 'null') return value === null;
    if (type === 'array') return Array.isArray(value);
    if (type === 'object') return isJsonObject(value);
    if (type === 'integer') return Number.isInteger(value);
    return typeof value === type;
  });
}

function largest(parts: readonly ReadonlyJsonObject[], keyword: string): number | undefined {
  const values = parts.flatMap((part) => (typeof part[keyword] === 'number' ? [part[keyword]] : []));
  return values.length === 0 ? undefined : Math.max(...values);
}

function smallest(parts: readonly ReadonlyJsonObject[], keyword: string): number | undefined {
  const values = parts.flatMap((part) => (typeof part[keyword] === 'number' ? [part[keyword]] : []));
  return values.length === 0 ? undefined : Math.min(...values);
}
