/** The options of swc for Jest and for `scripts/compile.mjs`, so both run the same code. */
export const compilerOptions = {
  jsc: {
    target: 'es2022',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: false },
  },
  module: { type: 'es6' },
};
