import { readFileSync } from 'node:fs';

import { documentOf, labelledOperations } from '../../test/effects/labelled-operations.js';
import { OpenApiDocument } from '../document/openapi-document.js';
import { Findings } from '../finding.js';
import { inferEffect } from './effect.js';
import { operationsOf } from './operation.js';

/** Vendors that only measured the rules. The rules were never tuned on them. */
const heldOut: ReadonlySet<string> = new Set(['docusign', 'vimeo', 'discourse', 'jira']);

/** Known writes that the rules call safe. Each new request for the same address sends another mail. */
const exceptions = ['discourse PUT /u/{username}/preferences/email.json'];

const judged = labelledOperations().map((each) => {
  const document = new OpenApiDocument(documentOf(each));
  const findings = new Findings();
  const operation = operationsOf(document, findings).find(({ method }) => method === each.method);
  if (operation === undefined) throw new Error(`${each.method} ${each.path} is no operation`);
  return { ...each, effect: inferEffect(document, operation, {}, findings).class, findings };
});

/** A POST is opaque by its method, so only the other three methods measure the rules. */
const byRules = judged.filter(({ method }) => method !== 'POST');
const isUnsafe = ({ label, effect }: (typeof judged)[number]): boolean =>
  (label === 'opaque' && effect !== 'opaque') || (label === 'idempotent' && effect === 'read');
const isWasted = ({ label, effect }: (typeof judged)[number]): boolean =>
  label !== 'opaque' && effect === 'opaque';

function row(name: string, operations: typeof judged): string {
  const writes = operations.filter(({ label }) => label === 'opaque');
  const cells = [
    name,
    operations.length,
    writes.length,
    operations.filter(isUnsafe).length,
    operations.length - writes.length,
    operations.filter(isWasted).length,
  ];
  return `| ${cells.join(' | ')} |`;
}

describe('the labelled operations of fourteen vendors', () => {
  it('contain five hundred operations, each once', () => {
    expect(judged).toHaveLength(508);
    expect(new Set(judged.map(({ vendor, method, path }) => `${vendor} ${method} ${path}`)).size).toBe(508);
    expect(new Set(judged.map(({ vendor }) => vendor)).size).toBe(14);
  });

  it('contain no write that is called safe, except for the listed exceptions', () => {
    const unsafe = judged.filter(isUnsafe).map(({ vendor, method, path }) => `${vendor} ${method} ${path}`);
    expect(unsafe).toEqual(exceptions);
  });

  it('have the error counts of the README', () => {
    const vendors = [...new Set(byRules.map(({ vendor }) => vendor))];
    const rows = vendors.map((name) =>
      row(
        name,
        byRules.filter(({ vendor }) => vendor === name),
      ),
    );
    const tuned = row(
      'tuned on',
      byRules.filter(({ vendor }) => !heldOut.has(vendor)),
    );
    const held = row(
      'held out',
      byRules.filter(({ vendor }) => heldOut.has(vendor)),
    );
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8').replace(/ {2,}/g, ' ');
    const missing = [...rows, tuned, held].filter((line) => !readme.includes(line));
    expect(missing).toEqual([]);
  });

  it('contain no POST that is taken as a read; some are proposed, and none of these writes', () => {
    const posts = judged.filter(({ method }) => method === 'POST');
    expect(posts.every(({ effect }) => effect === 'opaque')).toBe(true);
    const proposed = posts.filter(({ findings }) =>
      findings.warnings.some(({ code }) => code === 'effect_may_read'),
    );
    expect(proposed.length).toBeGreaterThan(2);
    expect(proposed.filter(({ label }) => label === 'opaque')).toEqual([]);
  });
});
