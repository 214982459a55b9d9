// Tools in the forms of model vendors
export { project } from './project.js';
export { toolForms } from './projection.js';
export type { Difference, Projection, ToolForm } from './projection.js';

// Answers to tool calls in the forms of model vendors
export { projectAnswer } from './result-form.js';
export type { ModelAnswer } from './result-form.js';
