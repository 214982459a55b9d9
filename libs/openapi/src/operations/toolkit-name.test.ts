import fc from 'fast-check';

import { toolkitName } from './toolkit-name.js';

describe('the name of a toolkit', () => {
  it.each([
    ["GitHub's official OpenAPI spec + Octokit extension", 'github'],
    ['GitHub v3 REST API', 'github'],
    ['The Jira Cloud platform REST API', 'jira_cloud_platform'],
    ['Swagger Petstore - OpenAPI 3.0', 'petstore'],
    ['Slack Web API', 'slack'],
    ['Google Calendar API', 'google_calendar'],
    ['Café Übersicht', 'cafe_ubersicht'],
    ['A remarkably extensive description of things', 'remarkably_extensive'],
    ['Antidisestablishmentarianism API', 'antidisestablishmentaria'],
    ['REST API: Orders', 'orders'],
    ['REST API', 'rest_api'],
    ['API v2', 'api_v2'],
    ['заказы', ''],
    ['', ''],
  ])('of %j is %j', (title, name) => {
    expect(toolkitName(title)).toBe(name);
  });

  it('is whole words of the title, 24 characters at most', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (title) => {
        expect(toolkitName(title)).toMatch(/^([a-z0-9]+(_[a-z0-9]+)*)?$/);
        expect(toolkitName(title).length).toBeLessThanOrEqual(24);
      }),
    );
  });
});
