import { indexTerms, queryTerms } from './search-terms.js';

describe('indexTerms', () => {
  it.each<[string, string[]]>([
    ['The', []],
    ['', []],
    ['Issues', ['issue']],
    ['access', ['access']],
    ['repos', ['repositori']],
    ['repository', ['repositori']],
    ['repositories', ['repositori']],
    ['cookies', ['cooki']],
    ['cookie', ['cooki']],
    ['PRs', ['pull', 'request']],
    ['my', ['authenticated', 'user']],
    // Nouns in titles. They do not stand for the verbs get and update.
    ['views', ['view']],
    ['changes', ['change']],
  ])('takes %s for %j', (word, terms) => expect(indexTerms(word)).toEqual(terms));
});

describe('queryTerms', () => {
  it.each<[string, string[][]]>([
    ['the', []],
    ['issues', [['issue']]],
    ['PRs', [['pull'], ['request']]],
    ['removes', [['remove', 'delete']]],
    ['Views', [['view', 'get']]],
    ['modify', [['modifi', 'update']]],
    ['modifies', [['modifi', 'update']]],
    ['tickets', [['ticket', 'issue']]],
    ['email', [['email', 'message', 'mail']]],
    ['messages', [['message']]],
  ])('takes %s for %j', (word, terms) => expect(queryTerms(word)).toEqual(terms));
});
