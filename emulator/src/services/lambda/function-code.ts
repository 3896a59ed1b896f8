import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import path from 'node:path';
import { unzipSync } from 'fflate';
import { ServiceError } from '../../protocol/errors';
import type { CodeStore } from './code-store';
import { invalid } from './errors';
import { workerModule } from './worker-entry';

/** Where a function's code comes from. */
export type CodeSource =
  | { readonly kind: 'zip'; readonly bytes: Uint8Array }
  | { readonly kind: 's3'; readonly bucket: string; readonly key: string }
  /** CloudFormation's `Code.ZipFile`: the text of `index.js`. */
  | { readonly kind: 'inline'; readonly text: string };

/** A function's code, ready to be run. */
export interface FunctionCode {
  readonly directory: string;
  /** Base64. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
}

const inlineLimit = 4 * 1024 * 1024;

/**
 * Unpacks functions' code into folders of its own, beside which the modules are found that Lambda
 * provides (`@aws-sdk/*`, `@smithy/*`); nothing else is, as on AWS.
 */
export class CodeLibrary {
  private count = 0;
  private prepared: Promise<string> | undefined;

  /** @param root - an empty folder for all code; asked for when first needed */
  constructor(
    private readonly store: CodeStore,
    private readonly root: () => Promise<string>,
  ) {}

  /** @throws ServiceError if the package is not one. */
  async unpack(source: CodeSource, account: string, region: string): Promise<FunctionCode> {
    this.prepared ??= this.prepare();
    const directory = path.join(await this.prepared, 'code', String(this.count++));
    await fs.mkdir(directory, { recursive: true });
    switch (source.kind) {
      case 's3':
        await fs.cp(await this.objectDirectory(source, account, region), directory, {
          recursive: true,
        });
        break;
      case 'zip':
        await writeFiles(directory, unzip(source.bytes));
        break;
      case 'inline':
        await writeInline(directory, source.text);
        break;
    }
    return { directory, ...(await digest(directory)) };
  }

  /** What S3 says of an object is told as Lambda tells it. */
  private async objectDirectory(
    { bucket, key }: CodeSource & { readonly kind: 's3' },
    account: string,
    region: string,
  ): Promise<string> {
    try {
      return await this.store.assetDirectory(bucket, key, account, region);
    } catch (error) {
      if (!(error instanceof ServiceError) || error.options.status !== 404) throw error;
      throw invalid(
        `Error occurred while GetObject. S3 Error Code: ${error.code}. S3 Error Message: ${error.message}`,
      );
    }
  }

  private async prepare(): Promise<string> {
    const root = await this.root();
    for (const scope of ['@aws-sdk', '@smithy']) await linkScope(root, scope);
    return root;
  }
}

function unzip(bytes: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(bytes);
  } catch {
    throw invalid(
      'Could not unzip uploaded file. Please check your file, then try to upload again.',
    );
  }
}

async function writeFiles(root: string, files: Record<string, Uint8Array>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.resolve(root, name);
    if (!file.startsWith(`${root}${path.sep}`))
      throw invalid(`Could not unzip uploaded file: ${name} lies outside of it`);
    if (name.endsWith('/')) {
      await fs.mkdir(file, { recursive: true });
    } else {
      await fs.mkdir(path.dirname(file), { recursive: true });
      await fs.writeFile(file, content);
    }
  }
}

async function writeInline(directory: string, text: string): Promise<void> {
  if (text.length > inlineLimit)
    throw invalid(`ZipFile must have length less than or equal to ${inlineLimit}`);
  await fs.writeFile(path.join(directory, 'index.js'), text);
  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-lambda-function-code-cfnresponsemodule.html
  await fs.mkdir(path.join(directory, 'node_modules'));
  await fs.writeFile(
    path.join(directory, 'node_modules', 'cfn-response.js'),
    `module.exports = require(${JSON.stringify(workerModule('cfn-response'))});\n`,
  );
}

async function digest(directory: string): Promise<{ sha256: string; size: number }> {
  const hash = createHash('sha256');
  let size = 0;
  const entries = await fs.readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  for (const file of files.map((entry) => path.join(entry.parentPath, entry.name)).sort()) {
    const content = await fs.readFile(file);
    hash.update(path.relative(directory, file)).update('\0').update(content);
    size += content.length;
  }
  return { sha256: hash.digest('base64'), size };
}

/** Links every package of a scope that the project or the emulator has installed; the project's come first. */
async function linkScope(root: string, scope: string): Promise<void> {
  const folder = path.join(root, 'node_modules', scope);
  await fs.mkdir(folder, { recursive: true });
  for (const start of [process.cwd(), __dirname]) {
    for (let at = start; ; at = path.dirname(at)) {
      await linkPackages(path.join(at, 'node_modules', scope), folder);
      if (at === path.dirname(at)) break;
    }
  }
}

async function linkPackages(from: string, to: string): Promise<void> {
  const names = await fs.readdir(from).catch(() => []);
  const taken = new Set(await fs.readdir(to));
  for (const name of names)
    if (!taken.has(name)) await fs.symlink(path.join(from, name), path.join(to, name));
}
