export default {
  schema: process.env.STOA_URL,
  documents: 'shop.graphql',
  config: {
    strictScalars: true,
    scalars: { DateTime: 'string', Decimal: { input: 'string | number', output: 'string' } },
    enumsAsTypes: true,
    useTypeImports: true,
  },
  generates: {
    'types.ts': { plugins: ['typescript'] },
    'documents.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: { importSchemaTypesFrom: './types', importExtension: '.js' },
    },
  },
};
