/** Who may import whom (README, "How the source is laid out"). */
module.exports = {
  forbidden: [
    {
      name: 'grammar-imports-nobody',
      comment: 'grammar/ says what may be said; it knows no other folder.',
      severity: 'error',
      from: { path: '^grammar/' },
      to: { path: '^(reference|conformance|reports)/' },
    },
    {
      name: 'reference-imports-grammar-only',
      comment: 'reference/ is judged by conformance/ and must not know it.',
      severity: 'error',
      from: { path: '^reference/' },
      to: { path: '^(conformance|reports)/' },
    },
    {
      name: 'reports-import-nobody',
      comment: 'reports/ is rendered from a document alone.',
      severity: 'error',
      from: { path: '^reports/' },
      to: { path: '^(grammar|reference|conformance)/' },
    },
    {
      name: 'server-through-embedded-only',
      comment: 'Cases and models never see the reference server; only the embedded target starts it.',
      severity: 'error',
      from: {
        path: '^conformance/',
        pathNot: '^conformance/(target/(embedded(\\.test)?|mock-dns)\\.ts|cli/serving\\.ts|bench/)',
      },
      to: { path: '^reference/', pathNot: '^reference/(formats/|[a-z]+/(client|resolver)\\.ts$)' },
    },
    {
      name: 'clients-through-the-adapter-only',
      comment:
        'The reference clients and the resolver are what the reference adapter offers; cases see them as any adapter.',
      severity: 'error',
      from: { path: '^conformance/', pathNot: '^conformance/(target/adapter/|bench/)' },
      to: { path: '^reference/[a-z]+/(client|resolver)\\.ts$' },
    },
    {
      name: 'peers-from-the-digest-alone',
      comment:
        'The foreign peers are implementations of their own: what they share with the suite would be judged by itself.',
      severity: 'error',
      from: { path: '^conformance/faults/peers/', pathNot: '\\.test(-support)?\\.ts$' },
      to: { path: '^(grammar|reference|reports|conformance)/', pathNot: '^conformance/faults/peers/' },
    },
    {
      name: 'no-circular',
      comment: 'A circle hides which of two files holds the idea.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'no-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      name: 'no-dev-dependency-in-the-product',
      severity: 'error',
      from: { path: '^(grammar|reference|conformance|reports)/', pathNot: '(\\.test\\.ts$|/bench/|test-support)' },
      to: { dependencyTypes: ['npm-dev'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^dist/|^reports/out/)' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'] },
  },
};
