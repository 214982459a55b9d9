import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import YAML from 'yaml';

import { metricDefinition } from '../src/index.js';

const folder = join(import.meta.dirname, '../../../deploy');
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');

const dashboard = JSON.parse(read('dashboards/mesh.json')) as {
  readonly panels: readonly {
    readonly id: number;
    readonly title: string;
    readonly datasource: { readonly uid: string };
    readonly targets: readonly { readonly expr: string }[];
  }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly type: string }[] };
};

interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
}

const rules = (
  YAML.parse(read('dashboards/alerts.yaml')) as {
    readonly groups: readonly { readonly rules: readonly AlertRule[] }[];
  }
).groups.flatMap((group) => group.rules);

const known: ReadonlySet<string> = new Set(Object.values(metricDefinition).map(({ name }) => name));

/** The metrics that an expression names. */
function metricsIn(expression: string): readonly string[] {
  return [...expression.matchAll(/mesh_[a-z_]+/g)].map(([name]) =>
    name.endsWith('_bucket') ? name.slice(0, -'_bucket'.length) : name,
  );
}

describe('the dashboard', () => {
  it('has panels with ids and titles of their own, on a datasource that the reader chooses', () => {
    const { panels, templating } = dashboard;
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
    expect(templating.list).toMatchObject([{ name: 'datasource', type: 'datasource' }]);
    for (const { datasource } of panels) expect(datasource.uid).toBe('${datasource}');
  });

  it('shows only metrics that the mesh has, and all but those of telemetry itself', () => {
    const shown = new Set(
      dashboard.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr))),
    );
    expect([...shown].filter((name) => !known.has(name))).toEqual([]);
    const { spansExported, spansQueued, ledgerAccepts, laneJoined, gatewayReady, limitMode } =
      metricDefinition;
    const left = [spansExported, spansQueued, ledgerAccepts, laneJoined, gatewayReady, limitMode].map(
      ({ name }) => name,
    );
    expect([...known].filter((name) => !shown.has(name)).sort()).toEqual([...left].sort());
  });
});

describe('the alerts', () => {
  it('name only metrics that the mesh has, and say what to do', () => {
    expect(rules.flatMap(({ expr }) => metricsIn(expr)).filter((name) => !known.has(name))).toEqual([]);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const { annotations } of rules) {
      expect(annotations['summary']).toMatch(/\.$/);
      expect(annotations['description']).toMatch(/\.$/);
    }
  });

  it('cover every way in which a call waits for somebody', () => {
    const text = rules.map(({ expr }) => expr).join('\n');
    for (const reason of [
      'switched_off',
      'awaiting_auth',
      'awaiting_approval',
      'tool_unknown',
      'token_unavailable',
    ])
      expect(text).toContain(`reason="${reason}"`);
  });

  it('look at the age of the oldest call, not at the number, where calls wait for people or for a probe', () => {
    const text = rules.map(({ expr }) => expr).join('\n');
    for (const wait of ['needs_review', 'awaiting_auth', 'awaiting_approval'])
      expect(text).toContain(`mesh_calls_for_people_oldest_seconds{reason="${wait}"}`);
    expect(text).toContain('mesh_calls_unsure_oldest_seconds{state="INDETERMINATE"}');
  });

  it('are valid for promtool, where it is installed', () => {
    const checked = spawnSync('promtool', ['check', 'rules', join(folder, 'dashboards/alerts.yaml')], {
      encoding: 'utf8',
    });
    const isInstalled = checked.error === undefined;
    if (!isInstalled)
      console.warn(
        'promtool is not installed (apt-get install prometheus), so the rules were not checked by it',
      );
    expect(isInstalled ? checked.status : 0).toBe(0);
  });
});

describe('the configuration of the Collector', () => {
  const collector = YAML.parse(read('telemetry/collector.yaml')) as Record<
    'receivers' | 'processors' | 'exporters' | 'connectors',
    Record<string, unknown>
  > & {
    readonly service: {
      readonly pipelines: Record<string, Record<'receivers' | 'processors' | 'exporters', readonly string[]>>;
    };
  };
  const pipelines = Object.values(collector.service.pipelines);

  it('uses what it defines, and defines what it uses', () => {
    const defined = {
      receivers: { ...collector.receivers, ...collector.connectors },
      processors: collector.processors,
      exporters: { ...collector.exporters, ...collector.connectors },
    };
    for (const kind of ['receivers', 'processors', 'exporters'] as const) {
      const used = new Set(pipelines.flatMap((pipeline) => pipeline[kind]));
      expect([...used].sort()).toEqual(Object.keys(defined[kind]).sort());
    }
  });

  it('samples whole traces, keeps errors, writes, denials and approvals, and sends the headers of the presets', () => {
    const { policies } = collector.processors['tail_sampling'] as {
      readonly policies: readonly { readonly name: string }[];
    };
    expect(policies.map(({ name }) => name)).toEqual([
      'errors',
      'writes',
      'denials',
      'approvals',
      'a-tenth-of-the-rest',
    ]);
    expect(collector.exporters).toMatchObject({
      'otlphttp/langfuse': { headers: { 'x-langfuse-ingestion-version': '4' } },
      'otlphttp/langsmith': { headers: { 'x-api-key': '${env:LANGSMITH_API_KEY}' } },
      'otlphttp/datadog': { headers: { 'dd-otlp-source': 'llmobs' } },
    });
  });
});
