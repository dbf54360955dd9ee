import tseslint from 'typescript-eslint';

// Floors of the house: core is the ground, adapters stand on it, replay on both, api on top. No arrow runs up.
const noFloorAbove = (...rooms) => ({
  'no-restricted-imports': [
    'error',
    { patterns: [{ group: rooms.map((room) => `**/${room}/**`), message: 'imports do not run up the floors' }] },
  ],
});
const onlyPure = {
  'no-restricted-imports': [
    'error',
    {
      patterns: [
        { regex: '^node:', message: 'core knows no Node' },
        { regex: '^(?!\\.|decimal\\.js$)', message: 'core imports itself and decimal.js' },
        { group: ['**/adapters/**', '**/replay/**', '**/api/**'], message: 'imports do not run up the floors' },
      ],
    },
  ],
  'no-restricted-globals': [
    'error',
    ...[
      'Date',
      'setTimeout',
      'setInterval',
      'setImmediate',
      'queueMicrotask',
      'performance',
      'Intl',
      'process',
      'console',
      'crypto',
    ].map((name) => ({ name, message: 'time, chance and the outside come into core as inputs' })),
  ],
  'no-restricted-properties': [
    'error',
    { property: 'localeCompare', message: 'the same bytes on every machine: compare by code unit' },
    { property: 'toLocaleString', message: 'the same bytes on every machine' },
  ],
  'no-restricted-syntax': [
    'error',
    {
      selector: "MemberExpression[object.name='Math'][property.name!=/^(floor|imul|sqrt)$/]",
      message: 'core uses floor, imul and sqrt only, so that every machine gives the same bytes',
    },
    { selector: 'BinaryExpression[operator="**"]', message: '** differs between machines; multiply' },
  ],
};

export default tseslint.config(
  { ignores: ['dist/', 'data/', 'node_modules/'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/no-non-null-assertion': 'off', // indexed access in hot loops is checked by properties instead
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  { files: ['core/**/*.ts'], rules: onlyPure },
  { files: ['adapters/**/*.ts'], rules: noFloorAbove('replay', 'api') },
  {
    // the generated market must give the same bytes on every machine, as the core does
    files: ['adapters/venues/sample/**/*.ts'],
    rules: {
      'no-restricted-syntax': onlyPure['no-restricted-syntax'],
      'no-restricted-properties': onlyPure['no-restricted-properties'],
    },
  },
  { files: ['replay/**/*.ts'], rules: noFloorAbove('api') },
  {
    // chai's assertions are property reads, and tests may print what they could not run
    files: ['test/**/*.ts'],
    rules: {
      '@typescript-eslint/no-unused-expressions': 'off',
      'no-console': 'off',
    },
  },
);
