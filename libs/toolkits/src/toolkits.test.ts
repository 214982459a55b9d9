import { readdirSync, readFileSync } from 'node:fs';

import type { Tool } from '@action-mesh/contracts/catalog';
import { LimitPublished, type LimitPolicy } from '@action-mesh/contracts/rate-governor';
import { ArgumentValidator, buildRequest, isDefinedTool, type DefinedTool } from '@action-mesh/tools';
import { compileTool } from '@action-mesh/tools/compile';

const folders = readdirSync(import.meta.dirname, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)
  .sort();

interface Toolkit {
  readonly folder: string;
  readonly files: readonly string[];
  readonly definitions: readonly DefinedTool[];
  readonly tools: readonly Tool[];
  readonly limits: readonly LimitPolicy[];
}

async function toolkitOf(folder: string): Promise<Toolkit> {
  const module = (await import(`./${folder}/index.js`)) as Readonly<Record<string, unknown>>;
  const definitions = Object.values(module).filter(isDefinedTool);
  const tools = definitions.map((definition) => {
    const compiled = compileTool(definition);
    if (!compiled.ok) throw new Error(`${definition.slug}: ${JSON.stringify(compiled.problems)}`);
    return compiled.tool;
  });
  const files = readdirSync(`${import.meta.dirname}/${folder}`)
    .filter((name) => !/^(index|provider|limits|.*\.test)\.ts$/.test(name))
    .map((name) => name.replace(/\.ts$/, ''));
  return { folder, files, definitions, tools, limits: module['limits'] as readonly LimitPolicy[] };
}

const toolkits = await Promise.all(folders.map(toolkitOf));
const all = toolkits.flatMap(({ tools }) => tools);
const bySlug = new Map(all.map((tool) => [tool.slug, tool]));

/**
 * The request for the first example of each tool, according to the vendor's documents, and the tool's effect class.
 */
const expected = JSON.parse(
  readFileSync(new URL('../fixtures/requests.json', import.meta.url), 'utf8'),
) as Record<string, { readonly request: string; readonly body?: unknown; readonly effect: string }>;

describe('the curated toolkits', () => {
  it('declare the way to the next page wherever an argument leads there', () => {
    const leads = /^(page|pageToken|nextPageToken|cursor|start_cursor|starting_after|after|startAt)$/;
    const without = all.filter(({ input, pagination }) => {
      const names = Object.keys(input['properties'] as object);
      return names.some((name) => leads.test(name)) && pagination === undefined;
    });
    expect(without.map(({ slug }) => slug)).toEqual([]);
  });

  it('are ten, with ten to fifteen tools each, and no name occurs twice', () => {
    expect(folders).toHaveLength(10);
    for (const { tools } of toolkits) {
      expect(tools.length).toBeGreaterThanOrEqual(10);
      expect(tools.length).toBeLessThanOrEqual(15);
    }
    expect(bySlug.size).toBe(all.length);
  });

  it.each(toolkits)(
    'hold a tool for every file of $folder, named after the file',
    ({ folder, files, tools }) => {
      const prefix = folder.replaceAll('-', '_');
      expect(tools.map(({ slug }) => slug).sort()).toEqual(
        files.map((file) => `${prefix}_${file.replaceAll('-', '_')}`).sort(),
      );
    },
  );

  it.each(all)(
    'describe $slug with its purpose, words to find it by, an effect, a connection and no warning',
    (tool) => {
      const definition = toolkits
        .flatMap(({ definitions }) => definitions)
        .find(({ slug }) => slug === tool.slug);
      expect(tool.description.length).toBeGreaterThan(20);
      expect(tool.tags.length).toBeGreaterThan(0);
      expect(tool.security.length).toBeGreaterThan(0);
      expect(tool.security.every(([first]) => first?.kind === 'oauth2' || first?.kind === 'bearer')).toBe(
        true,
      );
      expect(definition?.effect).toBeDefined();
      expect(tool.warnings).toEqual([]);
    },
  );

  it.each(all)('describe every argument of $slug', ({ input }) => {
    const properties = Object.entries(
      (input['properties'] ?? {}) as Record<string, { description?: string }>,
    );
    expect(
      properties.filter(([, { description }]) => description === undefined).map(([name]) => name),
    ).toEqual([]);
  });

  it.each(all)('have an example of $slug that makes a request', (tool) => {
    expect(tool.examples.length).toBeGreaterThan(0);
    for (const { arguments: args } of tool.examples) {
      expect(new ArgumentValidator(tool).validate(args)).toEqual({ ok: true });
      expect(buildRequest(tool, args).url.startsWith(tool.provider.base_url)).toBe(true);
    }
  });

  it.each(all)('turn the first example of $slug into the request that its vendor documents', (tool) => {
    const { method, url, body } = buildRequest(tool, tool.examples[0]?.arguments ?? {});
    const isForm = tool.http.body?.encoding === 'form';
    expect({
      request: `${method} ${decodeURIComponent(url.slice(tool.provider.base_url.length))}`,
      ...(body === undefined ? {} : { body: isForm ? body : (JSON.parse(String(body)) as unknown) }),
      effect: tool.effect.class,
    }).toEqual(expected[tool.slug]);
  });

  it.each(all.filter(({ compensation }) => compensation !== undefined))(
    'undo $slug with an existing tool that gets all its arguments',
    ({ compensation }) => {
      const undo = bySlug.get(compensation?.tool ?? '');
      const given = Object.keys(compensation?.arguments ?? {});
      const known = Object.keys((undo?.input['properties'] ?? {}) as object);
      expect(undo).toBeDefined();
      expect(given.filter((name) => !known.includes(name))).toEqual([]);
      expect(((undo?.input['required'] ?? []) as string[]).filter((name) => !given.includes(name))).toEqual(
        [],
      );
    },
  );

  it.each(toolkits)('keep $folder within limits that the governor takes', ({ limits, tools }) => {
    expect(limits.length).toBeGreaterThan(0);
    for (const limit of limits) {
      expect(LimitPublished.schema.safeParse(limit).success).toBe(true);
      expect(limit.match.provider).toBe(tools[0]?.provider.slug);
      if (limit.match.tool !== undefined) expect(bySlug.has(limit.match.tool)).toBe(true);
    }
    expect(new Set(toolkits.flatMap((each) => each.limits.map(({ id }) => id))).size).toBe(
      toolkits.flatMap((each) => each.limits).length,
    );
  });

  it.each(toolkits)('cost a model no more than 5,000 tokens for $folder', ({ tools }) => {
    expect(tools.reduce((sum, { token_cost }) => sum + token_cost, 0)).toBeLessThan(5_000);
  });
});
