// aws-cdk-lib's built-in template validation loads a 9 MB WASM engine into every test file (2 to 3 seconds each).
// test/compliance switches it on where it is the thing under test.
process.env.CDK_VALIDATION ??= 'false';
// One line a test file about the Node.js version otherwise; docs/adr/0006-node-versions.md has the plan.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
