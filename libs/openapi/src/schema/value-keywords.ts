import { patternProblem } from '@action-mesh/tools/compile';

import { below } from '../finding.js';
import { hidesText, prose } from '../text.js';
import { isJsonObject } from '../json-object.js';
import type { Conversion } from './definition.js';
import { formats, typeNames } from './keywords.js';

const longestTitle = 200;
const longestDescription = 1_000;
const mostChoices = 1_000;
const mostExamples = 3;
const longestExample = 1_000;

/**
 * Reads the value of a keyword that holds no schema. `undefined` if the keyword is left out. The value of any other
 * keyword is copied unchanged, and the compiler of the tool judges it.
 */
export function readValue(
  keyword: string,
  value: unknown,
  pointer: string,
  direction: 'input' | 'output',
  into: Conversion,
): unknown {
  if (value === undefined) return undefined;
  const { findings } = into;
  const at = below(pointer, keyword);
  switch (keyword) {
    case 'title':
    case 'description': {
      if (typeof value !== 'string') return undefined;
      if (hidesText(value))
        findings.warn('invisible_text', at, 'contained invisible characters; they were removed');
      const text = prose(value, keyword === 'title' ? longestTitle : longestDescription);
      return text === '' ? undefined : text;
    }
    case 'deprecated':
      return value === true ? true : undefined;
    case 'type':
      return ruling(readType(value, at, findings), into);
    case 'format':
      // An unknown format is only a remark for people, because no check uses it.
      return ruling(formats.has(value) ? value : undefined, into);
    case 'enum':
      return ruling(readChoices(value, at, findings), into);
    case 'default':
    case 'examples':
      return direction === 'output' ? undefined : keyword === 'default' ? value : readExamples(value);
    case 'pattern': {
      const problem = typeof value === 'string' ? patternProblem(value, true) : 'must be a text';
      if (problem === undefined) return value;
      findings.warn('pattern_dropped', at, `was left out: a pattern ${problem}`);
      return ruling(undefined, into);
    }
    case 'required': {
      const names = Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
      if (!Array.isArray(value)) {
        findings.warn('required_unreadable', at, 'is not a list of names, and was left out');
        return ruling(undefined, into);
      }
      return names.length === 0 ? undefined : [...new Set(names)];
    }
    case 'const':
      return value;
    default: {
      const reader = readers[keyword];
      const read = reader === undefined ? value : reader(value);
      if (read === undefined)
        findings.warn('keyword_unreadable', at, 'has a value without a meaning, and was left out');
      return read === undefined ? ruling(read, into) : read === idle ? undefined : read;
    }
  }
}

/** The result for a keyword without a meaning at this value. */
const idle = Symbol('idle');

const count = (value: unknown): unknown => {
  const number = numeric(value);
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : undefined;
};
const text = (value: unknown): unknown => (typeof value === 'string' ? value : undefined);

/** Reads the value of a keyword if it is valid. A number may be written as a text. */
const readers: Readonly<Record<string, (value: unknown) => unknown>> = {
  ...Object.fromEntries(
    ['Length', 'Items', 'Properties', 'Contains'].flatMap((what) => [
      [`min${what}`, count],
      [`max${what}`, count],
    ]),
  ),
  minimum: numeric,
  maximum: numeric,
  exclusiveMinimum: numeric,
  exclusiveMaximum: numeric,
  multipleOf: (value) => {
    const number = numeric(value);
    return typeof number === 'number' && number > 0 ? number : undefined;
  },
  uniqueItems: (value) => (value === true ? true : value === false ? idle : undefined),
  contentEncoding: text,
  contentMediaType: text,
  dependentRequired: (value) =>
    isJsonObject(value) && Object.values(value).every(isListOfNames) ? value : undefined,
};

function numeric(value: unknown): unknown {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

function isListOfNames(value: unknown): boolean {
  return Array.isArray(value) && value.every((name) => typeof name === 'string');
}

/** Counts a lost restriction. */
function ruling(read: unknown, into: Conversion): unknown {
  if (read === undefined) into.losses += 1;
  return read;
}

function readType(value: unknown, at: string, findings: Conversion['findings']): unknown {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value];
  const types = [...new Set(given.map((type) => (type === 'file' ? 'string' : type)))];
  if (types.length > 0 && types.every((type) => typeNames.has(type)))
    return Array.isArray(value) ? types : types[0];
  findings.warn('type_unknown', at, 'is no type of JSON, and was left out');
  return undefined;
}

function readChoices(value: unknown, at: string, findings: Conversion['findings']): unknown {
  if (!Array.isArray(value) || value.length === 0) {
    findings.warn('enum_dropped', at, 'is not a list of values, and was left out');
    return undefined;
  }
  if (value.length <= mostChoices) return value as unknown;
  findings.warn('enum_dropped', at, `has ${value.length} values, more than ${mostChoices}, and was left out`);
  return undefined;
}

function readExamples(value: unknown): unknown {
  if (!Array.isArray(value)) return undefined;
  const short = value
    .slice(0, mostExamples)
    .filter((example) => JSON.stringify(example).length <= longestExample);
  return short.length === 0 ? undefined : short;
}
