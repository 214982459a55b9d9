import { redactJson } from './redact-json.js';
import { redactLine, redactMembers, redactText } from './redact.js';

/** A quarter of the largest usual body, in characters. */
const length = 64 * 1024;

/** Milliseconds of processor time for such a text. A linear pattern takes under 20 ms, a quadratic one over a second. */
const mostMs = 300;

/** Parts that make a careless pattern backtrack. A test repeats each to the full length. */
const fillers = [
  'eyJ-',
  'eyJ_',
  'eyJ.',
  'eyJ-.',
  '-eyJhbGciOi',
  'eyJhbGciOi.',
  'a.eyJhbGciOi-',
  'a.',
  'a-',
  'a',
  '-',
  '.',
  ' ',
  '\n',
  '"',
  '\\',
  '\\"',
  'Bearer ',
  'Bearer\t',
  'Basic a ',
  'xoxb-',
  'xoxb-a ',
  'ghp_',
  'ghp_-',
  'ya29.',
  'sk_live_',
  'sk_live_-',
  'mesh_live_',
  'mesh_live_0123456789abcdef_',
  '://',
  '://a',
  '://a:',
  '://a:b',
  '://:@',
  'a:a@',
  '"token":"',
  '"token":"\\',
  '"token" ',
  '"token":\t',
  '"token',
  'token',
  'token.',
  '"a":{"token":',
  '["token",',
  '{"token":"\\"",',
];

/** The ends of the texts. They make a text with a good beginning fail late. */
const ends = ['', '!', '"'];

/** The heads of the texts. */
const heads = ['', '"token":"'];

/** The processor time of a run, independent of other load; in milliseconds. */
function cpuTimeOf(run: () => unknown): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

function slowTexts(redact: (text: string) => unknown): readonly string[] {
  return fillers.flatMap((filler) =>
    heads.flatMap((head) =>
      ends.flatMap((end) => {
        const text = head + filler.repeat(Math.ceil(length / filler.length)) + end;
        const time = (): number => cpuTimeOf(() => redact(text));
        // A garbage collection may fall into one measurement, and not into three.
        const isSlow = time() > mostMs && time() > mostMs && time() > mostMs;
        return isSlow ? [JSON.stringify([head, filler, end])] : [];
      }),
    ),
  );
}

describe('redaction costs time in proportion to the text', () => {
  it.each([
    ['redactLine', redactLine],
    ['redactJson', redactJson],
    ['redactMembers', (text: string) => redactMembers({ [text]: { [text]: text } })],
  ])(
    'in %s, for texts that were made to be slow',
    (_name, redact) => {
      expect(slowTexts(redact)).toEqual([]);
    },
    120_000,
  );

  it('and the measurement finds a pattern of quadratic cost', () => {
    const text = 'eyJ-'.repeat(length / 4);
    expect(cpuTimeOf(() => text.replace(/\beyJ[\w-]{8,}(?:\.[\w-]*){2,4}/gi, ''))).toBeGreaterThan(mostMs);
  });
});

describe('redactText', () => {
  const jwt = 'eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.canary';

  it.each([
    [`a ${jwt} b`, 'a [redacted] b'],
    [`${jwt}.canary.canary`, '[redacted]'],
    [`/v1/${jwt}/x`, '/v1/[redacted]/x'],
    [`token-${jwt}`, '[redacted]'],
    [`access_token_${jwt}`, '[redacted]'],
    [`eyJabc-${jwt}`, '[redacted]'],
    [`ghp_canarycanarycanary-${jwt}`, '[redacted]'],
    ['key_sk_live_canarycanary', 'key_[redacted]'],
    ['a eyJhbGciOiJub25lIn0 b', 'a eyJhbGciOiJub25lIn0 b'],
    ['keyjar-service.example.com', 'keyjar-service.example.com'],
    ['a.b.c', 'a.b.c'],
  ])('makes %s into %s', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });
});

describe('redactLine', () => {
  it('masks secret members of JSON with and without space', () => {
    expect(redactLine('{"a_token": "x\\"y",\n "password"\t:\n"z", "note":"token"}')).toBe(
      '{"a_token": "[redacted]",\n "password"\t:\n"[redacted]", "note":"token"}',
    );
  });
});
