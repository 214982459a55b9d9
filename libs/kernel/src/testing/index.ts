// Fakes
export { FakeClock } from '../clock.fake.js';
