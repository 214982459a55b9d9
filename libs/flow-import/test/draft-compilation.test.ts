import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { importFlow, type FlowImport } from '../src/index.js';
import { goldenCatalogue } from './catalogue.js';
import { draftErrors } from './draft-compiler.js';
import { condition, hook, manual, workflowText, sends } from './n8n-workflow.js';
import { exportsFolder, sampleExports } from './sample-exports.js';

const fixtures = join(import.meta.dirname, 'fixtures');
const folder = exportsFolder();

/** Texts of every kind of statement, beside the fixtures and the samples. */
const cases: Readonly<Record<string, string>> = {
  branches: workflowText(
    {
      Hook: hook,
      Switch: {
        type: 'switch',
        version: 3,
        parameters: {
          rules: {
            values: [
              condition('={{ $json.body.kind }}', 'string', 'contains', 'a'),
              condition('={{ $json.body.n }}', 'number', 'lt', '5'),
            ],
          },
          options: { fallbackOutput: 'extra' },
        },
      },
      A: {
        type: 'httpRequest',
        version: 4.2,
        parameters: {
          method: 'POST',
          url: 'https://x.example.com/a',
          sendBody: true,
          specifyBody: 'json',
          jsonBody: '={{ $json }}',
        },
        onError: 'continueRegularOutput',
      },
      B: { type: 'dateTime', version: 2, parameters: {} },
      Code: {
        type: 'code',
        version: 2,
        parameters: {
          jsCode:
            "const d = new Date(); return $input.all().map((x) => ({ json: { d, r: Math.random(), h: $('Hook').first().json } }));",
        },
      },
      Each: {
        type: 'slack',
        version: 2.2,
        parameters: {
          channelId: 'C1',
          text: "={{ $now.minus({ days: 2 }).toFormat('yyyy-MM-dd') }} {{ $json.h?.a ?? 'none' }} {{ $('Hook').item.json.body.list.map(x => x.name.trim()).join(', ') }}",
        },
      },
    },
    ['Hook > Switch', 'Switch > A', 'Switch 1 > B', 'Switch 2 > Code', 'A > Code', 'B > Code', 'Code > Each'],
  ),
  'fan-out': workflowText(
    {
      Start: manual,
      A: { type: 'if', version: 2, parameters: condition('={{ 1 + 1 }}', 'number', 'equals', 2) },
      A1: sends('a'),
      B: sends('b'),
      Wait: { type: 'wait', version: 1 },
      Stop: { type: 'stopAndError', version: 1, parameters: { errorMessage: '=failed {{ $execution.id }}' } },
    },
    ['Start > A', 'A > A1', 'Start > B', 'B > Wait', 'Wait > Stop'],
  ),
  names: workflowText(
    {
      Hook: hook,
      "O'Brien `${x}` */ \u2028": sends('=`${danger}` \\ {{ $json.body["a-b"] }}'),
      class: sends('x'),
      run: sends('y'),
      '🚀': sends('z'),
      'été 1': sends('z'),
    },
    [
      "Hook > O'Brien `${x}` */ \u2028",
      "O'Brien `${x}` */ \u2028 > class",
      'class > run',
      'run > 🚀',
      '🚀 > été 1',
    ],
  ),
};

const imported = (name: string, text: string): [string, FlowImport] => [
  name.replaceAll(/[^a-z0-9]/g, '-'),
  importFlow({ text, name, catalogue: goldenCatalogue }),
];

describe('drafts', () => {
  const imports = new Map([
    ...Object.entries(cases).map(([name, text]) => imported(name, text)),
    ...readdirSync(fixtures)
      .filter((name) => name.endsWith('.json'))
      .map((name) => imported(name, readFileSync(join(fixtures, name), 'utf8'))),
    ...(folder === undefined
      ? []
      : sampleExports().map((name) => imported(`sample ${name}`, readFileSync(join(folder, name), 'utf8')))),
  ]);

  it('compile under strict, except at the steps that are left to a person', () => {
    const errors = draftErrors(new Map([...imports].map(([name, { files }]) => [name, files])));
    expect(errors.filter(({ message }) => !message.includes("parameter of type 'UnfinishedStep'"))).toEqual(
      [],
    );
    const unfinished = [...new Set(errors.map(({ file }) => file.split('/')[0]))].sort();
    const incomplete = [...imports].filter(([, { report }]) => !report.isComplete).map(([name]) => name);
    expect(unfinished).toEqual(incomplete.sort());
  }, 240_000);
});
