import { routes } from '@action-mesh/contracts/gateway';
import { ownOpenApiDocument, undocumentedRoutes, type GatewayDocument } from '@action-mesh/gateway';
import { importDocument } from '@action-mesh/openapi';
import { createConfig, lintFromString } from '@redocly/openapi-core';

const document = ownOpenApiDocument();

async function problemsIn(candidate: GatewayDocument): Promise<readonly string[]> {
  const config = await createConfig({ extends: ['recommended'] });
  const found = await lintFromString({
    source: JSON.stringify(candidate),
    absoluteRef: 'openapi.json',
    config,
  });
  return found.map(
    ({ severity, ruleId, message, location }) =>
      `${severity} ${ruleId} at ${location[0]?.pointer ?? ''}: ${message}`,
  );
}

describe('the OpenAPI document of the gateway', () => {
  it('documents every route of the table', () => {
    const missing = undocumentedRoutes().map(
      (name) =>
        `${name}: add an entry to one of services/gateway/src/adapters/http/openapi/*-routes.ts with its area, query, body, answers and problems`,
    );
    expect(missing).toEqual([]);
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map((operation) => (operation as { readonly operationId: string }).operationId),
    );
    expect(ids.sort()).toEqual(Object.keys(routes).sort());
  });

  it('passes the recommended rules of a public linter', async () => {
    expect(await problemsIn(document)).toEqual([]);
  });

  it('fails the same linter when a reference leads nowhere', async () => {
    const { Problem: _gone, ...schemas } = document.components.schemas;
    const broken = { ...document, components: { ...document.components, schemas } };
    expect((await problemsIn(broken)).join()).toContain('no-unresolved-refs');
  });

  it('needs no key for open routes alone', () => {
    for (const [name, { method, path, scope }] of Object.entries(routes)) {
      const operation = document.paths[path.replace(/:([a-zA-Z]+)/g, '{$1}')]?.[method.toLowerCase()];
      expect([name, 'security' in (operation ?? {})]).toEqual([name, scope === 'open']);
    }
  });
});

describe('the document as a toolkit', () => {
  const { tools, report } = importDocument(document, {
    toolkit: 'mesh_api',
    baseUrl: 'https://mesh.example.com',
  });
  const reasonsOf = (operation: (typeof report.operations)[number]): string =>
    operation.reasons.map(({ message }) => message).join();

  it('makes a tool of every operation, except those with a listed reason', () => {
    expect(report.totals.operations).toBe(Object.keys(routes).length);
    const left = report.operations.filter(({ status }) => status === 'quarantined');
    expect(Object.fromEntries(left.map((each) => [each.operationId, reasonsOf(each)]))).toEqual({});
  });

  it('asks for the key as a credential, and keeps ids, queries and bodies as arguments', () => {
    const execute = tools.find(({ slug }) => slug === 'mesh_api_execute_tool');
    expect(Object.keys(execute?.input.properties ?? {})).toEqual(
      expect.arrayContaining(['slug', 'user_id', 'arguments']),
    );
    expect(execute?.security).not.toEqual([]);
    expect(tools.find(({ slug }) => slug === 'mesh_api_list_calls')?.effect.class).toBe('read');
  });
});
