// Fakes
export { FakeGovernor } from '../governor.fake.js';
