// Samples
export { sampleFacts, samplePolicy } from '../policy-samples.fake.js';
