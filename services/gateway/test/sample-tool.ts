export { sampleTool } from '@action-mesh/testing';
