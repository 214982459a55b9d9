import { policyOf, subjectOf } from '../../test/governor-samples.js';
import { countedBy, PolicyBook } from './policy-book.js';

const idsOf = (book: PolicyBook, changes = {}): string[] =>
  book
    .matching(subjectOf(changes))
    .map(({ policy }) => policy.id)
    .sort();

describe('the policy book', () => {
  it('finds every policy that is about a request, whatever it is kept under', () => {
    const book = new PolicyBook();
    book.put(policyOf({ id: 'all', match: {} }));
    book.put(policyOf({ id: 'provider', match: { provider: 'slack' } }));
    book.put(policyOf({ id: 'tool', match: { tool: 'slack_post_message', provider: 'slack' } }));
    book.put(policyOf({ id: 'tenant', match: { tenant: 'acme' } }));
    book.put(policyOf({ id: 'user', match: { tenant: 'acme', user: 'ada' } }));
    book.put(policyOf({ id: 'other-tenant', match: { tenant: 'globex', user: 'ada' } }));
    book.put(policyOf({ id: 'other-provider', match: { provider: 'crm' } }));
    expect(idsOf(book)).toEqual(['all', 'provider', 'tenant', 'tool', 'user']);
    expect(idsOf(book, { tenantId: 'globex', provider: 'crm', tool: 'x' })).toEqual([
      'all',
      'other-provider',
      'other-tenant',
    ]);
  });

  it('replaces a policy, also when it moves, and removes it', () => {
    const book = new PolicyBook();
    book.put(policyOf({ id: 'one', match: { provider: 'slack' } }));
    book.put(policyOf({ id: 'one', match: { tenant: 'acme' }, limit: 7 }));
    expect(book.matching(subjectOf()).map(({ policy }) => policy.limit)).toEqual([7]);
    book.remove('one');
    book.remove('never-there');
    expect(idsOf(book)).toEqual([]);
  });

  it('counts by what the policy says', () => {
    const book = new PolicyBook();
    const counted = (['tenant', 'credential', 'provider', 'tool'] as const).map((per) => {
      book.put(policyOf({ per }));
      return book.matching(subjectOf()).map((compiled) => countedBy(compiled, subjectOf()));
    });
    expect(counted.flat()).toEqual(['acme', 'acme/ada/slack', 'slack', 'slack_post_message']);
  });

  it('takes a tenth of the limit for a burst that is not named, one at least', () => {
    const book = new PolicyBook();
    const { burst: _, ...without } = policyOf();
    for (const limit of [5, 100]) book.put({ ...without, id: `of-${limit}`, limit });
    expect([...book.all()].map(({ rate }) => rate.burst)).toEqual([1, 10]);
  });

  it('counts anew under another rate', () => {
    const book = new PolicyBook();
    book.put(policyOf({ limit: 10 }));
    const [before] = book.matching(subjectOf());
    book.put(policyOf({ limit: 20 }));
    const [after] = book.matching(subjectOf());
    expect(after?.revision).not.toBe(before?.revision);
  });
});
