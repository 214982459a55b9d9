import { nodeFinding } from '../commands/doctor.js';
import { clockFinding } from './gateway-checks.js';

const noon = Date.parse('2026-11-30T12:00:00Z');
const header = 'Mon, 30 Nov 2026 12:00:00 GMT';

it.each([
  [noon, noon + 100, 'good'],
  [noon + 5_900, noon + 6_000, 'good'],
  [noon + 7_000, noon + 7_100, 'bad'],
  [noon - 60_000, noon - 59_900, 'bad'],
  // A slow answer says little about the clock.
  [noon - 60_000, noon + 60_000, 'good'],
])('clocks are compared within the time of the request', (sentMs, receivedMs, status) => {
  expect(clockFinding(header, sentMs, receivedMs)).toMatchObject({ status });
});

it('a missing Date is a warning', () => {
  expect(clockFinding(null, noon, noon)).toMatchObject({ status: 'warning' });
});

it.each([
  ['20.19.0', 'good'],
  ['24.1.0', 'good'],
  ['20.18.3', 'bad'],
  ['18.20.0', 'bad'],
])('Node.js %s is judged', (version, status) => {
  expect(nodeFinding(version)).toMatchObject({ status });
});
