// Samples
export { sampleKey, sampleSwitch, sampleTenant } from '../identity-samples.fake.js';
