import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The metrics that the dashboard and the alerts of the repository name, as a scrape shows them. */
export function dashboardMetrics(): readonly string[] {
  const text = ['mesh.json', 'alerts.yaml']
    .map((name) => readFileSync(join(import.meta.dirname, '../../../deploy/dashboards', name), 'utf8'))
    .join('\n');
  const names = [...text.matchAll(/mesh_[a-z_]+/g)].map(([name]) => name.replace(/_bucket$/, ''));
  return [...new Set(names)];
}
