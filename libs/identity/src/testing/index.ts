// Samples
export { sampleKey, samplePrincipal, sampleSwitch, sampleTenant } from '../identity-samples.fake.js';
export { SampleIssuer } from '../sample-issuer.fake.js';
