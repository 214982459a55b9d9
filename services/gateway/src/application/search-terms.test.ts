import { searchTerms } from './search-terms.js';

describe('searchTerms', () => {
  it.each<[string, string[]]>([
    ['The', []],
    ['Issues', ['issue']],
    ['access', ['access']],
    ['repos', ['repositori']],
    ['repository', ['repositori']],
    ['repositories', ['repositori']],
    ['cookies', ['cooki']],
    ['cookie', ['cooki']],
    ['modifies', ['modifi']],
    ['removes', ['delete']],
    ['PRs', ['pull', 'request']],
    ['my', ['authenticated', 'user']],
  ])('takes %s for %j', (word, terms) => expect(searchTerms(word)).toEqual(terms));
});
