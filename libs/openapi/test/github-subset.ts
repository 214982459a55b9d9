import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

type Member = Readonly<Record<string, unknown>>;

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, Member & { readonly tags?: readonly string[] }>>>
  >;
  readonly components: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * GitHub's description with `count` operations and everything that they refer to. The operations come from each tag
 * in turn, so every part of the API is present.
 */
export function githubSubset(count: number): { readonly document: object; readonly tags: number } {
  const path = createRequire(import.meta.url).resolve('@octokit/openapi/generated/api.github.com.json');
  const whole = JSON.parse(readFileSync(path, 'utf8')) as Document;
  const byTag = operationsByTag(whole);
  const paths: Record<string, Record<string, unknown>> = {};
  let taken = 0;
  for (let turn = 0; taken < count; turn += 1) {
    for (const operations of byTag.values()) {
      const operation = operations[turn];
      if (operation === undefined || taken === count) continue;
      (paths[operation.path] ??= {})[operation.method] = operation.source;
      taken += 1;
    }
  }
  const document = { ...whole, paths, components: reached(whole, paths), 'x-webhooks': undefined };
  return { document: JSON.parse(JSON.stringify(document)) as object, tags: byTag.size };
}

function operationsByTag({
  paths,
}: Document): Map<string, { path: string; method: string; source: Member }[]> {
  const byTag = new Map<string, { path: string; method: string; source: Member }[]>();
  for (const [path, item] of Object.entries(paths)) {
    for (const [method, source] of Object.entries(item)) {
      const tag = source.tags?.[0] ?? '';
      byTag.set(tag, [...(byTag.get(tag) ?? []), { path, method, source }]);
    }
  }
  return byTag;
}

function reached({ components }: Document, root: unknown): Record<string, Record<string, unknown>> {
  const found: Record<string, Record<string, unknown>> = {};
  const waiting: unknown[] = [root];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next !== 'object' || next === null) continue;
    const reference = '$ref' in next && typeof next.$ref === 'string' ? next.$ref : undefined;
    const [, kind = '', name = ''] = /^#\/components\/([^/]+)\/([^/]+)$/.exec(reference ?? '') ?? [];
    const component = components[kind]?.[name];
    if (component !== undefined && found[kind]?.[name] === undefined) {
      (found[kind] ??= {})[name] = component;
      waiting.push(component);
    }
    waiting.push(
      ...(Object.values(next) as unknown[]).filter((value) => value !== undefined && value !== null),
    );
  }
  return found;
}
