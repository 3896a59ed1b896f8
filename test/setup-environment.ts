// aws-cdk-lib's built-in template validation loads a 9 MB WASM engine into every test file (2 to 3 seconds each).
// test/compliance switches it on where it is the thing under test.
process.env.CDK_VALIDATION ??= 'false';
