import type { Change, ChangeKind } from '@action-mesh/contracts/catalog';
import { isSameJson } from '@action-mesh/kernel';
import { memberPointer } from '@action-mesh/tools';

import { boundChanges, textChanges, typeChanges, valueChanges, type ChangeSink } from './keyword-change.js';
import { jsonText, type SchemaObject, type SchemaSide } from './json-schema.js';
import { ResolvedSchemas } from './resolved-schemas.js';

/** The most differences that are collected. Further ones add nothing to the verdict once one is breaking. */
const mostChanges = 200;
/** The most pairs of schemas that are compared. Beyond it, the two count as unrelated. */
const mostPairs = 20_000;

/**
 * The differences between two JSON Schemas, for writers of their values (`input`) or readers (`output`). An input that
 * accepts less breaks its callers. An output breaks its readers if a value is gone or may now have another form. New
 * values of an enumeration do not: readers of an API have to expect them. A difference that cannot be judged is
 * breaking.
 */
export function compareSchemas(before: SchemaObject, after: SchemaObject, side: SchemaSide): Change[] {
  // Most schemas are equal. This check costs a fraction of a full comparison.
  return isSameJson(before, after) ? [] : new SchemaComparison(before, after, side).changes;
}

const subschemaLists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'] as const;
/** Keywords whose changes cannot be judged as wider or narrower. */
const opaque = [
  // Only a reference that leads nowhere is still present here.
  '$ref',
  'not',
  'if',
  'then',
  'else',
  'contains',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'propertyNames',
  'unevaluatedItems',
  'unevaluatedProperties',
] as const;

class SchemaComparison {
  readonly changes: Change[] = [];
  readonly #before: ResolvedSchemas;
  readonly #after: ResolvedSchemas;
  readonly #hasSameDefinitions: boolean;
  readonly #side: SchemaSide;
  readonly #seen = new Set<string>();
  readonly #ids = new WeakMap<object, number>();
  #pairs = 0;
  #nextId = 0;

  constructor(before: SchemaObject, after: SchemaObject, side: SchemaSide) {
    this.#before = new ResolvedSchemas(before);
    this.#after = new ResolvedSchemas(after);
    this.#hasSameDefinitions = isSameJson(before['$defs'], after['$defs']);
    this.#side = side;
    this.#compare(before, after, '');
  }

  #compare(givenBefore: unknown, givenAfter: unknown, pointer: string): void {
    const before = this.#before.of(givenBefore);
    const after = this.#after.of(givenAfter);
    if ((before === after && this.#hasSameDefinitions) || this.#wasSeen(before, after)) return;
    this.#pairs += 1;
    if (this.#pairs > mostPairs) {
      if (this.#pairs === mostPairs + 1) this.#add('breaking', pointer, 'has too many parts to be compared');
      return;
    }
    const report: ChangeSink = {
      text: (place, message) => this.#add('text', place, message),
      narrower: (place, message) =>
        this.#add(this.#side === 'input' ? 'breaking' : 'compatible', place, message),
      wider: (place, message) => this.#add('compatible', place, message),
      breaking: (place, message) => this.#add('breaking', place, message),
    };
    textChanges(before, after, pointer, report);
    typeChanges(before, after, pointer, this.#side, report);
    valueChanges(before, after, pointer, report);
    boundChanges(before, after, pointer, report);
    this.#properties(before, after, pointer, report);
    this.#items(before, after, pointer, report);
    for (const keyword of subschemaLists) this.#list(keyword, before, after, pointer, report);
    for (const keyword of opaque) {
      const old = before[keyword];
      const now = after[keyword];
      if (!isSameJson(old, now) || (refers(old) && !this.#hasSameDefinitions))
        report.breaking(memberPointer(pointer, keyword), 'was changed');
    }
  }

  #properties(before: SchemaObject, after: SchemaObject, pointer: string, report: ChangeSink): void {
    const old = objectAt(before, 'properties');
    const now = objectAt(after, 'properties');
    const neededBefore = new Set(namesAt(before, 'required'));
    const neededNow = new Set(namesAt(after, 'required'));
    for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
      const place = memberPointer(memberPointer(pointer, 'properties'), name);
      if (!Object.hasOwn(now, name)) {
        if (this.#side === 'output' || after['additionalProperties'] === false)
          report.breaking(place, 'is gone');
        else report.narrower(place, 'is no longer described');
      } else if (!Object.hasOwn(old, name)) {
        if (neededNow.has(name)) report.narrower(place, 'is new and required');
        else report.wider(place, 'is new');
      } else {
        if (neededNow.has(name) && !neededBefore.has(name)) report.narrower(place, 'is required now');
        if (!neededNow.has(name) && neededBefore.has(name)) {
          if (this.#side === 'output') report.breaking(place, 'may be absent now');
          else report.wider(place, 'is no longer required');
        }
        this.#compare(old[name], now[name], place);
      }
    }
    for (const name of new Set([...neededBefore, ...neededNow])) {
      if (
        Object.hasOwn(old, name) ||
        Object.hasOwn(now, name) ||
        neededBefore.has(name) === neededNow.has(name)
      )
        continue;
      const place = memberPointer(pointer, 'required');
      if (neededNow.has(name)) report.narrower(place, `names "${name}" now`);
      else if (this.#side === 'output') report.breaking(place, `no longer names "${name}"`);
      else report.wider(place, `no longer names "${name}"`);
    }
    this.#rest('additionalProperties', before, after, pointer, report);
  }

  #items(before: SchemaObject, after: SchemaObject, pointer: string, report: ChangeSink): void {
    this.#rest('items', before, after, pointer, report);
  }

  /** The schema of all unnamed members: `false` closes, and absent is open. */
  #rest(
    keyword: string,
    before: SchemaObject,
    after: SchemaObject,
    pointer: string,
    report: ChangeSink,
  ): void {
    const old = before[keyword] ?? true;
    const now = after[keyword] ?? true;
    const place = memberPointer(pointer, keyword);
    // Two equal schemas are compared too, because the targets of their references may differ.
    if (old === now && typeof now === 'boolean') return;
    if (now === false || (old === true && now !== true)) report.narrower(place, 'allows less now');
    else if (old === false || now === true) report.wider(place, 'allows more now');
    else this.#compare(old, now, place);
  }

  #list(
    keyword: string,
    before: SchemaObject,
    after: SchemaObject,
    pointer: string,
    report: ChangeSink,
  ): void {
    const old = listAt(before, keyword);
    const now = listAt(after, keyword);
    const place = memberPointer(pointer, keyword);
    if (old === undefined || now === undefined) {
      if (old !== now) report.breaking(place, old === undefined ? 'is new' : 'is gone');
      return;
    }
    if (old.length === now.length) {
      now.forEach((part, index) => this.#compare(old[index], part, memberPointer(place, String(index))));
      return;
    }
    const nowByText = new Map(now.map((part) => [jsonText(part), part]));
    const isUnion = keyword === 'anyOf' || keyword === 'oneOf';
    if (!isUnion || !old.every((part) => nowByText.has(jsonText(part)))) {
      report.breaking(place, 'was changed');
      return;
    }
    // A reader of an answer has to know its possible forms.
    if (this.#side === 'output') report.breaking(place, 'has more alternatives');
    else report.wider(place, 'has more alternatives');
    old.forEach((part, index) =>
      this.#compare(part, nowByText.get(jsonText(part)), memberPointer(place, String(index))),
    );
  }

  #wasSeen(before: SchemaObject, after: SchemaObject): boolean {
    const key = `${this.#idOf(before)}:${this.#idOf(after)}`;
    if (this.#seen.has(key)) return true;
    this.#seen.add(key);
    return false;
  }

  #idOf(schema: object): number {
    const known = this.#ids.get(schema) ?? (this.#nextId += 1);
    this.#ids.set(schema, known);
    return known;
  }

  #add(kind: ChangeKind, pointer: string, message: string): void {
    if (this.changes.length < mostChanges || kind === 'breaking')
      this.changes.push({ kind, pointer, message });
  }
}

function refers(value: unknown): boolean {
  return value !== undefined && jsonText(value).includes('"$ref"');
}

function objectAt(schema: SchemaObject, keyword: string): SchemaObject {
  const value = schema[keyword];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SchemaObject) : {};
}

function namesAt(schema: SchemaObject, keyword: string): readonly string[] {
  return (listAt(schema, keyword) ?? []).filter((name) => typeof name === 'string');
}

function listAt(schema: SchemaObject, keyword: string): readonly unknown[] | undefined {
  const value = schema[keyword];
  return Array.isArray(value) ? value : undefined;
}
