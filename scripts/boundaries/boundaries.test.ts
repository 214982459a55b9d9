import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { events } from '@action-mesh/contracts/events';
import { topics, type Topic } from '@action-mesh/contracts';

interface Violation {
  readonly file: string;
  readonly rule: string;
  readonly message: string;
}

interface Report {
  readonly eslint: Readonly<Record<string, readonly Violation[]>>;
  readonly 'dependency-cruiser': Readonly<Record<string, readonly Violation[]>>;
  readonly cruiserRules: readonly { readonly name: string; readonly comment: string }[];
  readonly contractsByService: Readonly<Record<string, readonly string[]>>;
}

/** The expected ESLint findings for each folder under fixtures/eslint. */
const lintVerdicts: Readonly<Record<string, readonly [rule: string, message: RegExp][]>> = {
  'kernel-imports-a-project': [['@nx/enforce-module-boundaries', /Circular dependency/]],
  'kernel-imports-a-tool': [
    ['@nx/enforce-module-boundaries', /"type:kernel" is not allowed to import "fast-check"/],
  ],
  'contract-imports-a-runtime': [['@nx/enforce-module-boundaries', /can only depend on libs tagged/]],
  'contract-imports-a-framework': [
    ['@nx/enforce-module-boundaries', /Transitive or unresolvable/],
    ['@nx/enforce-module-boundaries', /"type:contract" is not allowed to import "@nestjs\/common"/],
  ],
  // A runtime's own tests may use a project that imports the runtime back. Nx then reports the cycle first.
  'runtime-imports-testing': [['@nx/enforce-module-boundaries', /can only depend on libs tagged|Circular/]],
  'runtime-imports-a-service': [['@nx/enforce-module-boundaries', /can only depend on libs tagged|Circular/]],
  'testing-imports-a-service': [['@nx/enforce-module-boundaries', /can only depend on libs tagged|Circular/]],
  'service-imports-a-service': [['@nx/enforce-module-boundaries', /can only depend on libs tagged/]],
  'service-imports-standalone': [
    ['@nx/enforce-module-boundaries', /can only depend on libs tagged|Circular/],
  ],
  'service-imports-testing': [['@nx/enforce-module-boundaries', /can only depend on libs tagged/]],
  'service-imports-a-tool': [['@nx/enforce-module-boundaries', /can only depend on libs tagged|Circular/]],
  'client-imports-a-service': [['@nx/enforce-module-boundaries', /can only depend on libs tagged/]],
  'example-imports-a-service': [['@nx/enforce-module-boundaries', /can only depend on libs tagged/]],
  'tool-imports-an-example': [['@nx/enforce-module-boundaries', /can only depend on libs tagged/]],
  'test-imports-a-service': [['@nx/enforce-module-boundaries', /can only depend on libs tagged/]],
  'relative-path-into-a-project': [['@nx/enforce-module-boundaries', /relative or absolute path/]],
  'transitive-dependency': [['@nx/enforce-module-boundaries', /Transitive or unresolvable/]],
  'process-env': [['no-restricted-properties', /config\.ts/]],
  'process-env-by-import': [['no-restricted-imports', /config\.ts/]],
  enum: [['no-restricted-syntax', /const object/]],
  'export-star': [['no-restricted-syntax', /Export by name, so that/]],
  'default-export': [['no-restricted-syntax', /a default export has another name/]],
  'renamed-default-export': [['no-restricted-syntax', /a default export has another name/]],
  'long-constructor': [['no-restricted-syntax', /More than six dependencies/]],
  'parameter-property': [['no-restricted-syntax', /types then only erase/]],
  'private-modifier': [['no-restricted-syntax', /Write #name/]],
  'capital-constant': [['no-restricted-syntax', /constant in camelCase/]],
  'forward-ref': [['no-restricted-imports', /are one, or need a third/]],
  'file-name-form': [['mesh/file-name', /kebab-case/]],
  'file-name-role': [['mesh/file-name', /known role/]],
  'file-name-without-meaning': [['mesh/file-name', /'call-utils\.ts' does not say what/]],
  'folder-name-without-meaning': [['mesh/file-name', /'common' does not say what/]],
  'long-file': [['max-lines', /Maximum allowed is 250/]],
  clean: [],
};

const fixtures = join(import.meta.dirname, 'fixtures');
const cruised = readdirSync(join(fixtures, 'dependency-cruiser'));

let report: Report;

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [join(import.meta.dirname, 'check-fixtures.mjs')],
    {
      env: { ...process.env, NX_DAEMON: 'false' },
      maxBuffer: 16 * 1024 * 1024,
    },
  );
  report = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Report;
}, 120_000);

/** The files of a fixture that violate its rule. The others are the files that they import. */
function offenders(folder: string): string[] {
  return readdirSync(join(fixtures, 'dependency-cruiser', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => /(^|\/)offender[^/]*\.ts$/.test(file))
    .sort();
}

describe('ESLint', () => {
  it.each(Object.entries(lintVerdicts))('judges %s', (folder, expected) => {
    const said = (report.eslint[folder] ?? []).map(({ rule, message }) => ({ rule, message }));
    expect(said).toEqual(
      expected.map(([rule, message]) => ({ rule, message: expect.stringMatching(message) as string })),
    );
  });

  it('checks every committed fixture', () => {
    expect(Object.keys(report.eslint).sort()).toEqual(Object.keys(lintVerdicts).sort());
  });
});

describe('dependency-cruiser', () => {
  it.each(cruised)('reports each offender against %s once, and nothing else', (rule) => {
    const said = [...(report['dependency-cruiser'][rule] ?? [])].sort((a, b) => a.file.localeCompare(b.file));
    expect(offenders(rule)).not.toHaveLength(0);
    expect(said.map((violation) => [violation.file, violation.rule])).toEqual(
      offenders(rule).map((file) => [file, rule]),
    );
  });

  it('reports nothing for correct code', () => {
    expect(report['dependency-cruiser']['clean']).toEqual([]);
  });

  it('has a fixture for every rule, and an alternative in every comment', () => {
    expect(report.cruiserRules.map(({ name }) => name).sort()).toEqual([...cruised].sort());
    for (const { comment } of report.cruiserRules) expect(comment.length).toBeGreaterThan(40);
  });
});

describe('the subscription table', () => {
  it('equals the topic manifest: each service knows the owners of its topics', () => {
    const services = readdirSync(join(import.meta.dirname, '../../services')).filter(
      (name) => name !== 'standalone',
    );
    const derived = Object.fromEntries(
      services.map((service) => {
        const touched = Object.values<Topic>(topics)
          .filter(({ readers, writers }) => [...readers, ...writers].some((party) => party === service))
          .map(({ name }) => name);
        const owners = events
          .filter(({ definition }) => touched.includes(definition.topic))
          .map(({ owner }) => owner);
        return [service, [...new Set(owners)].sort()];
      }),
    );
    expect(report.contractsByService).toEqual(derived);
  });
});
