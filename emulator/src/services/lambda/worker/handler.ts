import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A function's handler. */
export type Handler = (
  event: unknown,
  context: unknown,
  callback: (error: unknown, result?: unknown) => void,
) => unknown;

/** Why a function cannot be loaded, by the names that Lambda's Node.js runtime uses. */
export class LoadError extends Error {
  constructor(
    readonly errorType:
      | 'Runtime.ImportModuleError'
      | 'Runtime.HandlerNotFound'
      | 'Runtime.MalformedHandlerName'
      | 'Runtime.UserCodeSyntaxError',
    message: string,
  ) {
    super(message);
    this.name = errorType;
  }
}

/**
 * Loads the handler that `file.export` names, out of a CommonJS or ECMAScript module; the file may be in
 * a folder, the export nested.
 *
 * @throws LoadError
 */
export async function loadHandler(root: string, name: string): Promise<Handler> {
  const [, file, exported] = /^((?:[^./]*\/|\.{1,2}\/)*[^./]+)\.(.+)$/.exec(name) ?? [];
  if (file === undefined || exported === undefined || name.includes('..'))
    throw new LoadError('Runtime.MalformedHandlerName', 'Bad handler');
  const module = await loadModule(root, file);
  let value: unknown = module;
  for (const key of exported.split('.'))
    value = isIndexable(value) ? (value[key] ?? defaultOf(value)?.[key]) : undefined;
  if (value === undefined)
    throw new LoadError('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  if (!isHandler(value))
    throw new LoadError('Runtime.HandlerNotFound', `${name} is not a function`);
  return value;
}

async function loadModule(root: string, file: string): Promise<unknown> {
  const base = path.resolve(root, file);
  const found = ['', '.js', '.mjs', '.cjs']
    .map((extension) => base + extension)
    .find((candidate) => fs.statSync(candidate, { throwIfNoEntry: false })?.isFile());
  if (!found)
    throw new LoadError(
      'Runtime.ImportModuleError',
      `Error: Cannot find module '${file}'\nRequire stack:\n- /var/runtime/index.mjs`,
    );
  try {
    return isEcmaScriptModule(found) ? await import(pathToFileURL(found).href) : require(found);
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new LoadError('Runtime.UserCodeSyntaxError', `SyntaxError: ${error.message}`);
    if (isIndexable(error) && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code)))
      throw new LoadError('Runtime.ImportModuleError', String(error));
    throw error;
  }
}

function isEcmaScriptModule(file: string): boolean {
  if (file.endsWith('.mjs')) return true;
  if (file.endsWith('.cjs')) return false;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    const description = path.join(folder, 'package.json');
    if (fs.existsSync(description)) {
      const { type }: { type?: string } = JSON.parse(fs.readFileSync(description, 'utf8'));
      return type === 'module';
    }
    if (folder === path.dirname(folder) || path.basename(folder) === 'node_modules') return false;
  }
}

function isIndexable(value: unknown): value is Record<string, unknown> {
  return (typeof value === 'object' || typeof value === 'function') && value !== null;
}

function defaultOf(value: Record<string, unknown>): Record<string, unknown> | undefined {
  return isIndexable(value.default) ? value.default : undefined;
}

function isHandler(value: unknown): value is Handler {
  return typeof value === 'function';
}
