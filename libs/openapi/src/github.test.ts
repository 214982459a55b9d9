import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import { ToolPublished } from '@action-mesh/contracts/catalog';

import { importDocument } from './import-document.js';

const path = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');

/** The most bytes of a record on a topic. The limit there is a megabyte. */
const largestRecord = 900_000;

describe('the whole description of GitHub', () => {
  const text = readFileSync(path, 'utf8');
  const before = process.cpuUsage();
  const { tools, report } = importDocument(text, { toolkit: 'github' });
  // Measures processor time, because other work on the machine would distort a clock.
  const { user, system } = process.cpuUsage(before);

  it('is imported within a minute', () => {
    expect((user + system) / 1e6).toBeLessThan(60);
  });

  it('has a verdict on each of its operations, and refuses few', () => {
    expect(report.totals.operations).toBe(1_223);
    expect(report.totals.selected).toBe(1_223);
    expect(report.operations).toHaveLength(1_223);
    expect(tools).toHaveLength(report.totals.imported + report.totals.importedWithWarnings);
    expect(report.totals.quarantined).toBeLessThan(1_223 * 0.01);
    const reasons = new Set(report.operations.flatMap((each) => each.reasons.map(({ code }) => code)));
    expect([...reasons].sort()).toEqual([]);
  });

  it('has the way to the next page wherever the description has a Link header', () => {
    expect(tools.filter(({ pagination }) => pagination?.by === 'link')).toHaveLength(191);
  });

  it('has safe GETs, PUTs and DELETEs, except for the few with words that prove nothing', () => {
    const doubtful = report.operations.filter(({ warnings }) =>
      warnings.some(({ code }) => code === 'effect_doubtful'),
    );
    expect(doubtful.map(({ operation }) => operation)).toEqual([
      'PUT /app/installations/{installation_id}/suspended',
      'DELETE /app/installations/{installation_id}/suspended',
      'DELETE /notifications/threads/{thread_id}',
      'PUT /orgs/{org}/outside_collaborators/{username}',
      'GET /repos/{owner}/{repo}/dependency-graph/sbom/generate-report',
      'PUT /repos/{owner}/{repo}/import',
      'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge',
      'PUT /repos/{owner}/{repo}/pulls/{pull_number}/merge-async',
      'PUT /repos/{owner}/{repo}/pulls/{pull_number}/reviews/{review_id}/dismissals',
      'PUT /repos/{owner}/{repo}/pulls/{pull_number}/update-branch',
      'DELETE /user/repository_invitations/{invitation_id}',
    ]);
    expect(tools.filter(({ effect }) => effect.class === 'read')).toHaveLength(638);
  });

  it('gives each tool a unique name', () => {
    expect(new Set(report.operations.map(({ slug }) => slug)).size).toBe(1_223);
    for (const { slug } of tools) expect(slug).toMatch(/^github_[a-z0-9_]{1,57}$/);
  });

  it('gives tools that fit the contract and a record', () => {
    for (const tool of tools) {
      expect(ToolPublished.schema.safeParse(tool).success).toBe(true);
      expect(JSON.stringify(tool).length).toBeLessThan(largestRecord);
    }
  });

  it('gives the same bytes a second time, for any selection', () => {
    const again = importDocument(text, { toolkit: 'github', select: ['tag:issues', 'tag:pulls'] });
    expect(again.tools.length).toBeGreaterThan(80);
    const slugs = new Set(again.tools.map(({ slug }) => slug));
    expect(JSON.stringify(again.tools)).toBe(JSON.stringify(tools.filter(({ slug }) => slugs.has(slug))));
    const pointers = new Set(again.report.operations.map(({ pointer }) => pointer));
    const earlier = report.operations.filter(({ pointer }) => pointers.has(pointer));
    expect(JSON.stringify(again.report.operations)).toBe(JSON.stringify(earlier));
  });
});
