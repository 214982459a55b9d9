import type { Tool } from '@action-mesh/contracts/catalog';
import { defined } from '@action-mesh/kernel';
import { ArgumentValidator, buildRequest, type Arguments, type HttpRequest } from '@action-mesh/tools';
import { generateSync } from 'json-schema-faker';

import { importDocument } from '../src/index.js';
import { githubSubset } from './github-subset.js';
import { PrismServer } from './prism-server.js';

/*
 * What the executor would send, judged by somebody else: tools imported from GitHub's description, arguments made up from
 * their inputs, requests built as the executor builds them, and Prism, which serves the same description, says of each
 * whether it is one that the description allows.
 */

const operations = 320;
const seed = 20_261_125;

/**
 * Prism accepts any body for these two, because it fails to read their schemas. It does check their paths and
 * queries.
 */
const unjudged = ['github_issues_create', 'github_dependency_graph_create_repository_snapshot'];

/**
 * Its body needs one of two members, by `anyOf` over `required`. Without optional members the generator makes
 * neither.
 */
const unmade = ['github_campaigns_create_campaign'];

/**
 * The description accepts only one of its alternatives, and an input accepts any. With all arguments, the generated
 * call fits several.
 */
const several = ['github_projects_add_item_for_org'];

interface Verdict {
  readonly slug: string;
  /** Absent if the request fits the description. */
  readonly complaint?: string;
}

describe('requests of imported tools', () => {
  const { document, tags } = githubSubset(operations);
  let prism: PrismServer;
  let tools: readonly Tool[];

  beforeAll(async () => {
    prism = await PrismServer.start(document);
    tools = importDocument(document, { toolkit: 'github', baseUrl: prism.url }).tools;
  }, 90_000);

  afterAll(async () => {
    await prism[Symbol.asyncDispose]();
  });

  it('come from every part of the API', () => {
    const parts = new Set(tools.flatMap((tool) => tool.tags));
    expect(parts.size).toBeGreaterThanOrEqual(tags - 1);
    expect(tools.length).toBeGreaterThanOrEqual(operations - 10);
  });

  it.each([
    ['all arguments', { alwaysFakeOptionals: true }, []],
    ['the required arguments alone', { optionalsProbability: 0 }, unmade],
  ])(
    'with %s are as the description wants them',
    async (_, options, expected) => {
      const verdicts: Verdict[] = [];
      const unmade: string[] = [];
      for (const tool of tools) {
        const args = madeUp(tool, options);
        if (new ArgumentValidator(tool).validate(args).ok)
          verdicts.push(await ask(tool.slug, buildRequest(tool, args)));
        else unmade.push(tool.slug);
      }
      expect(unmade).toEqual(expected);
      expect(
        verdicts.filter(({ slug, complaint }) => complaint !== undefined && !several.includes(slug)),
      ).toEqual([]);
      expect(verdicts.length).toBeGreaterThanOrEqual(300);
    },
    90_000,
  );

  it('are refused by Prism when they are broken, so its silence has a meaning', async () => {
    const judged: Verdict[] = [];
    for (const tool of tools.filter(hasMembers)) {
      const spoilt = spoil(buildRequest(tool, madeUp(tool, { alwaysFakeOptionals: true })));
      if (spoilt !== undefined) judged.push(await ask(tool.slug, spoilt));
    }
    const accepted = judged.filter(({ complaint }) => complaint === undefined).map(({ slug }) => slug);
    expect(judged.length).toBeGreaterThan(150);
    expect(accepted).toEqual(unjudged);
  }, 90_000);
});

/**
 * The same request with a list as its body, or with words for numbers in the query. `undefined` if it has neither.
 */
function spoil(request: HttpRequest): HttpRequest | undefined {
  if (request.body !== undefined) return { ...request, body: '[]' };
  const url = request.url.replace(/([?&](?:page|per_page)=)-?\d+/g, '$1many');
  return url === request.url ? undefined : { ...request, url };
}

/** Whether the body has members. A body that is one argument may be a list, and then a list does not break it. */
function hasMembers({ http: { body } }: Tool): boolean {
  return body?.argument === undefined;
}

/** Texts are never empty. In a path an empty text addresses another resource, and in a query Prism ignores it. */
function madeUp(tool: Tool, options: object): Arguments {
  return generateSync(withFormats(tool.input) as Tool['input'], {
    seed: seed,
    minLength: 1,
    maxItems: 2,
    ...options,
  }) as Arguments;
}

/** A model follows a description, but the generator knows only formats. */
function withFormats(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withFormats);
  if (typeof schema !== 'object' || schema === null) return schema;
  const members = Object.fromEntries(
    Object.entries(schema).map(([name, child]) => [name, withFormats(child)]),
  );
  const { description } = members;
  const hint =
    typeof description === 'string' ? /\(format: ([a-z-]{1,20})\)$/.exec(description)?.[1] : undefined;
  return hint === undefined ? members : { ...members, format: hint };
}

/** Prism answers an invalid request with a 4xx. The message in its header may also concern the answer. */
async function ask(slug: string, { method, url, headers, body }: HttpRequest): Promise<Verdict> {
  const response = await fetch(url, {
    method,
    headers,
    redirect: 'manual',
    ...defined({ body }),
  });
  const text = await response.text();
  if (response.status < 400) return { slug };
  return {
    slug,
    complaint: `${response.status} ${response.headers.get('sl-violations') ?? text.slice(0, 200)} (${url})`,
  };
}
