import nx from '@nx/eslint-plugin';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

import { fileNameRule } from './scripts/boundaries/file-name-rule.mjs';
import { projectConstraints, testConstraints } from './scripts/boundaries/project-constraints.mjs';

// Run ESLint by `npm run lint`: without a cached project graph, the Nx rule skips itself without a problem.
// Every rule of ours below has a fixture in scripts/boundaries/fixtures, and a test that sees it fire.

const tests = ['**/*.test.ts', '**/test/**/*.ts', '**/src/testing/**/*.ts'];

/** Syntax that no file contains. Each message names the alternative. */
const noEnum = {
  selector: 'TSEnumDeclaration',
  message: 'Write a const object or a union of literals: enums are the one type that emits code.',
};
const noExportStar = {
  selector: 'ExportAllDeclaration',
  message: 'Export by name, so that what a package promises can be read in its index.ts.',
};
const noDefaultExport = {
  selector: 'ExportDefaultDeclaration, ExportSpecifier[exported.name="default"]',
  message: 'Export by name: a default export has another name in every file that imports it.',
};
const noLongConstructor = {
  selector: 'MethodDefinition[kind="constructor"] > FunctionExpression[params.length>6]',
  message: 'More than six dependencies: split the class, or let it ask one collaborator.',
};
const noParameterProperty = {
  selector: 'TSParameterProperty, TSModuleDeclaration:not([kind="global"])',
  message:
    'Declare the field and assign it in the constructor: types then only erase, and a class reads one way.',
};
const noPrivateModifier = {
  selector:
    'PropertyDefinition[accessibility="private"], MethodDefinition[accessibility="private"]:not([kind="constructor"])',
  message: 'Write #name: only a private constructor is written with the modifier.',
};
const noCapitalConstant = {
  selector:
    ':matches(Program, ExportNamedDeclaration) > VariableDeclaration[kind="const"] > VariableDeclarator > Identifier.id[name=/^[A-Z][A-Z0-9_]+$/]',
  message: 'Write a constant in camelCase, like any other value.',
};
const syntax = [
  noEnum,
  noExportStar,
  noDefaultExport,
  noLongConstructor,
  noPrivateModifier,
  noCapitalConstant,
  noParameterProperty,
];

const moduleBoundaries = (depConstraints, options = {}) => ({
  '@nx/enforce-module-boundaries': [
    'error',
    { allow: [], banTransitiveDependencies: true, depConstraints, ...options },
  ],
});

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/fixtures/**',
      '**/generated/**',
      '**/node_modules/**',
      '**/.mesh/**',
      '**/*.mjs',
    ],
  },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    plugins: { '@nx': nx, mesh: { rules: { 'file-name': fileNameRule } } },
    rules: {
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      // The signature requires an argument with an underscore, and this implementation does not use it.
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_', ignoreRestSiblings: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // ESLint 9.39.0 breaks this rule: it throws on any type literal (typescript-eslint issue 11732).
      '@typescript-eslint/unified-signatures': 'off',
      'no-restricted-syntax': ['error', ...syntax],
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Read the environment in config.ts; take values as arguments here.',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: 'node:process',
              importNames: ['env', 'default'],
              message: 'Read the environment in config.ts; the rest of `process` is a global.',
            },
            {
              name: '@nestjs/common',
              importNames: ['forwardRef'],
              message: 'Two providers that need each other are one, or need a third.',
            },
          ],
        },
      ],
      // Counts code lines. There is no second, later limit, since warnings that pass are ignored.
      'max-lines': ['error', { max: 250, skipBlankLines: true, skipComments: true }],
      'mesh/file-name': 'error',
      ...moduleBoundaries(projectConstraints),
    },
  },
  {
    // The two files of a program that may read the environment.
    files: ['**/config.ts', '**/main.ts'],
    rules: { 'no-restricted-properties': 'off' },
  },
  {
    files: tests,
    rules: {
      // Jest passes the addresses of the running Kafka, PostgreSQL and Redis to test files through the environment.
      'no-restricted-properties': 'off',
      'max-lines': 'off',
      // Packages for tests are installed once, at the root. No package.json of a project lists them.
      ...moduleBoundaries(testConstraints, { banTransitiveDependencies: false }),
    },
  },
  {
    // Jest calls the default export of a global setup. Only the environment connects it with a test file.
    files: ['libs/devstack/src/jest/*.ts'],
    rules: {
      'no-restricted-properties': 'off',
      'no-restricted-syntax': ['error', ...syntax.filter((rule) => rule !== noDefaultExport)],
    },
  },
  {
    // The runtime of flows loads the default export of a file.
    files: ['tools/mesh-processes/src/testing/flows/*/*.ts', 'tools/bench/src/flows/*/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...syntax.filter((rule) => rule !== noDefaultExport)] },
  },
  prettier,
);
