import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parse } from 'yaml';

const root = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

interface Workflow {
  readonly jobs: Readonly<
    Record<
      string,
      {
        readonly strategy: { readonly matrix: { readonly node: readonly string[] } };
        readonly steps: readonly { readonly uses?: string; readonly run?: string }[];
      }
    >
  >;
}

const workflow = read('.github/workflows/verify.yml');
const { jobs } = parse(workflow) as Workflow;
const [job] = Object.values(jobs);
const { engines } = JSON.parse(read('package.json')) as { readonly engines: { readonly node: string } };
const newest = read('.nvmrc').trim();

describe('the versions of Node.js (ADR 45)', () => {
  it('are the same in the images, in the development container and in .nvmrc', () => {
    const bases = [...read('deploy/images/Dockerfile').matchAll(/^FROM node:(\d+)/gm)].map(
      ([, major]) => major,
    );
    expect(bases).toEqual([newest, newest]);
    expect(read('.devcontainer/devcontainer.json')).toContain(`javascript-node:${newest}-`);
  });

  it('are tested by the workflow: the oldest one of package.json, and the one of the images', () => {
    expect(job?.strategy.matrix.node).toEqual([`${engines.node.replace('>=', '')}.0`, newest]);
  });

  it('are named in the ADR and the README', () => {
    const oldest = engines.node.replace('>=', '');
    for (const path of ['docs/adr/0045-node-versions.md', 'README.md', 'CONTRIBUTING.md'])
      expect(read(path)).toContain(oldest);
    expect(read('docs/adr/0045-node-versions.md')).toContain(`Node.js ${newest}`);
  });
});

describe('the workflow', () => {
  it('runs .ci/run and no other command', () => {
    expect(job?.steps.flatMap(({ run = [] }) => run)).toEqual(['.ci/run']);
  });

  it('pins each action to a commit, and names the full version', () => {
    const uses = [...workflow.matchAll(/uses: (.*)/g)].map(([, action]) => action);
    expect(uses).toHaveLength(job?.steps.filter((step) => step.uses !== undefined).length ?? 0);
    for (const action of uses) expect(action).toMatch(/^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });
});
