import { parseIJson, parseTraceparent } from '@action-mesh/kernel';
import { parse as parseQuery } from 'fast-querystring';

import { readBearerToken } from '../src/adapters/http/bearer-token.js';
import { readIdempotencyKey } from '../src/adapters/http/idempotency-key.js';
import { readMediaType } from '../src/adapters/http/media-type.js';
import { readPreferences } from '../src/adapters/http/preferences.js';
import { readToolForm, readToolQuery } from '../src/application/tool-query.js';
import { readCallRequest, readToolCall } from '../src/domain/call-request.js';
import { withArgumentsRead } from '../src/domain/text-arguments.js';

/** Reads a text from an untrusted sender. It may throw; the time until then counts too. */
type Parser = (text: string) => unknown;

const limits = { waitMs: 1, maxWaitMs: 1 };

/** All parsers of headers in the gateway. */
const headerParsers: Readonly<Record<string, Parser>> = {
  Prefer: (text) => readPreferences(text, limits),
  'Prefer, a value': (text) => readPreferences(`wait=${text}`, limits),
  'Prefer, a parameter': (text) => readPreferences(`a;${text}`, limits),
  'Idempotency-Key': readIdempotencyKey,
  'Idempotency-Key, quoted': (text) => readIdempotencyKey(`"${text}`),
  Authorization: readBearerToken,
  'Authorization, the token': (text) => readBearerToken(`Bearer ${text}`),
  'Content-Type': readMediaType,
  'Content-Type, a parameter': (text) => readMediaType(`application/json;${text}`),
  'Content-Type, a value': (text) => readMediaType(`application/json;charset="${text}`),
  traceparent: parseTraceparent,
  tracestate: (text) => parseTraceparent(`00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, text),
};

/** All parsers of queries in the gateway. */
const queryParsers: Readonly<Record<string, Parser>> = {
  'the query itself': (text) => readToolQuery(parseQuery(text)),
  'a query for tools': (text) => readToolQuery({ query: text }),
  'a limit': (text) => readToolQuery({ limit: text }),
  'a name': (text) => readToolQuery({ toolkit: text, tag: text, provider: text, effect: text }),
  'a form': readToolForm,
};

const call = { user_id: 'u', tool: { slug: 'a_tool' }, arguments: {} };

/** All parsers of members of a call. */
const memberParsers: Readonly<Record<string, Parser>> = {
  call_id: (text) => readCallRequest({ ...call, call_id: text }),
  user_id: (text) => readCallRequest({ ...call, user_id: text }),
  'tool.slug': (text) => readCallRequest({ ...call, tool: { slug: text } }),
  'tool.version': (text) => readCallRequest({ ...call, tool: { slug: 'a', version: text } }),
  'tool.version, a number': (text) =>
    readCallRequest({ ...call, tool: { slug: 'a', version: `1.2.${text}` } }),
  agent: (text) =>
    readCallRequest({ ...call, agent: { id: text, run_id: text, session_id: text, thought: text } }),
  scope: (text) => readCallRequest({ ...call, scope: `window:${text}` }),
  occurrence: (text) => readCallRequest({ ...call, occurrence: text }),
  idempotency_key: (text) => readCallRequest({ ...call, idempotency_key: text }),
  deadline: (text) => readCallRequest({ ...call, deadline: `2026-01-01T00:00:00.${text}` }),
  mode: (text) => readCallRequest({ ...call, mode: text }),
  connection_id: (text) => readCallRequest({ ...call, connection_id: text }),
  'a name that is no member': (text) => readCallRequest({ ...call, [text]: 1 }),
  'arguments as a text': (text) => withArgumentsRead({ arguments: text }),
};

/** The parsers of a whole body and of its longest tokens. */
const bodyParsers: Readonly<Record<string, Parser>> = {
  'the text itself': parseIJson,
  'one string': (text) => parseIJson(JSON.stringify(text)),
  'one number': (text) => parseIJson(`[1${text}]`),
};

/** Bodies of the largest size with as many parts as possible. */
const fullBodies: Readonly<Record<string, string>> = {
  'members that are none': `{${many((index) => `"m${index}":1`)}}`,
  'members of the arguments': `{"user_id":"u","arguments":{${many((index) => `"m${index}":1`)}}}`,
  'the same member again': `{${many(() => '"m":1')}}`,
  'calls that are none': `[${many(() => '0')}]`,
  'empty objects': `[${many(() => '{}')}]`,
  'numbers with many digits': `[${many(() => '0.1234567890123456789e1')}]`,
  'strings of escapes': `[${many(() => String.raw`"\u00e9\n"`)}]`,
};

function many(part: (index: number) => string): string {
  const parts: string[] = [];
  for (let length = 0; length < 250_000; length += (parts.at(-1)?.length ?? 0) + 1)
    parts.push(part(parts.length));
  return parts.join(',');
}

/** Texts that make a careless regular expression backtrack. The test repeats each to the required length. */
const fillers = [
  ' ',
  '\t',
  'a',
  '0',
  '"',
  '\\',
  '\\"',
  '=',
  ';',
  ',',
  '-',
  '.',
  '/',
  ' "',
  '" ',
  'a=',
  'a="',
  'a=b,',
  '; a',
  '&',
  'a=b&',
  '%',
  '%41',
  '1.',
  '-1',
  '1e',
  '{',
  '[',
  '[[]',
  '\u00e9',
  '\ud83d\ude00',
  'a ',
  ' a',
  'T0',
];

/** The ends of the texts. They make a text with a good beginning fail late. */
const ends = ['', '""x', '\0'];

/** The longest text, in characters, and its limit of CPU time, milliseconds. */
interface Budget {
  readonly length: number;
  readonly mostMs: number;
}

/** Node.js takes 16 KiB of headers, and of the address. A linear parser takes under 2 ms, a quadratic one over 100 ms. */
const headerBudget: Budget = { length: 16_000, mostMs: 40 };
/** A quarter of the largest body. A linear parser takes some 20 ms, a quadratic one over 2 s. */
const bodyBudget: Budget = { length: 64_000, mostMs: 300 };

const parsers = [
  ...Object.entries(headerParsers).map(([name, parser]) => ({
    name: `the header ${name}`,
    parser,
    ...headerBudget,
  })),
  ...Object.entries(queryParsers).map(([name, parser]) => ({
    name: `the query: ${name}`,
    parser,
    ...headerBudget,
  })),
  ...Object.entries(memberParsers).map(([name, parser]) => ({
    name: `the member ${name}`,
    parser,
    ...bodyBudget,
  })),
  ...Object.entries(bodyParsers).map(([name, parser]) => ({
    name: `the body: ${name}`,
    parser,
    ...bodyBudget,
  })),
];

describe('the longest text of an untrusted sender costs little, for', () => {
  it.each(parsers)('$name', ({ parser, length, mostMs }) => {
    const slow = fillers.flatMap((filler) =>
      ends.flatMap((end) => {
        const text = filler.repeat(Math.ceil(length / filler.length)) + end;
        const ms = cpuTimeOf(parser, text);
        // A garbage collection may fall into one measurement, and not into three.
        const isSlow = ms > mostMs && cpuTimeOf(parser, text) > mostMs && cpuTimeOf(parser, text) > mostMs;
        return isSlow ? [`${JSON.stringify(filler)}…${JSON.stringify(end)}: ${ms.toFixed(0)} ms`] : [];
      }),
    );
    expect(slow).toEqual([]);
  });

  it.each(Object.entries(fullBodies))('a body full of %s', (_what, body) => {
    const read: Parser = (text) => readToolCall('a', parseIJson(text));
    expect(Math.min(cpuTimeOf(read, body), cpuTimeOf(read, body))).toBeLessThan(500);
  });

  it('and detects a parser of quadratic cost', () => {
    const quadratic: Parser = (given) => /\s+$/.test(given);
    expect(cpuTimeOf(quadratic, `${' '.repeat(headerBudget.length)}!`)).toBeGreaterThan(headerBudget.mostMs);
  });
});

/** The CPU time of a parse, independent of other load; in milliseconds. */
function cpuTimeOf(parser: Parser, given: string): number {
  const before = process.cpuUsage();
  try {
    parser(given);
  } catch {
    // A refusal is a valid result, and its cost counts.
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
