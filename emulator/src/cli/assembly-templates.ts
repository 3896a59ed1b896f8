import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** A template that a deployment would read. */
export interface TemplateFile {
  /** The stack's name, or the file's path where it belongs to no assembly; nested stacks follow their parent's, after a slash. */
  readonly name: string;
  readonly text: string;
  /** Images of containers that the stack's assets hold, by display name or id. */
  readonly images: readonly string[];
}

/** The part of a cloud assembly's manifest that is read here. */
interface Manifest {
  readonly artifacts?: Readonly<
    Record<
      string,
      {
        readonly type: string;
        readonly displayName?: string;
        readonly dependencies?: readonly string[];
        readonly properties?: {
          readonly templateFile?: string;
          readonly stackName?: string;
          readonly directoryName?: string;
          readonly file?: string;
        };
      }
    >
  >;
}

/** The part of an asset manifest that is read here. */
interface AssetManifest {
  readonly dockerImages?: Readonly<Record<string, { readonly displayName?: string }>>;
  readonly files?: Readonly<Record<string, { readonly source: { readonly path?: string } }>>;
}

/** The part of a template that leads to nested ones. */
interface NestedReferences {
  readonly Resources?: Readonly<
    Record<
      string,
      { readonly Properties?: { readonly TemplateURL?: unknown }; readonly Type?: string }
    >
  >;
}

/**
 * The templates at a path: one file, or all of a cloud assembly (`cdk.out`), those of stages and nested stacks
 * included.
 *
 * https://docs.aws.amazon.com/cdk/v2/guide/deploy.html#deploy-how-synth-app
 *
 * @throws Error if there is nothing at the path, or a directory that is no cloud assembly.
 */
export function templatesAt(path: string): TemplateFile[] {
  if (statSync(path).isDirectory()) return templatesOfAssembly(path);
  return [{ name: path, text: readFileSync(path, 'utf8'), images: [] }];
}

function templatesOfAssembly(directory: string): TemplateFile[] {
  const manifest: Manifest = read(join(directory, 'manifest.json'));
  const artifacts = manifest.artifacts ?? {};
  return Object.entries(artifacts).flatMap(([id, { dependencies = [], properties = {}, type }]) => {
    if (type === 'cdk:cloud-assembly' && properties.directoryName !== undefined) {
      return templatesOfAssembly(join(directory, properties.directoryName));
    }
    if (type !== 'aws:cloudformation:stack' || properties.templateFile === undefined) return [];
    const assets = dependencies.flatMap((dependency): AssetManifest[] => {
      const file = artifacts[dependency]?.properties?.file;
      if (artifacts[dependency]?.type !== 'cdk:asset-manifest' || file === undefined) return [];
      return [read(join(directory, file))];
    });
    const images = assets.flatMap(({ dockerImages = {} }) =>
      Object.entries(dockerImages).map(([key, one]) => one.displayName ?? key),
    );
    const files = assets.flatMap((manifest) => Object.entries(manifest.files ?? {}));
    const paths = new Map(
      files.map(([hash, { source }]) => [hash, join(directory, source.path ?? '')]),
    );
    const [first, ...nested] = withNested(
      properties.stackName ?? id,
      join(directory, properties.templateFile),
      paths,
    );
    return first ? [{ ...first, images }, ...nested] : [];
  });
}

/** A template and those nested in it: the URL of each holds the hash of the asset that it is. */
function withNested(
  name: string,
  path: string,
  assets: ReadonlyMap<string, string>,
): TemplateFile[] {
  const text = readFileSync(path, 'utf8');
  const { Resources: resources = {} }: NestedReferences = JSON.parse(text);
  const nested = Object.entries(resources).flatMap(([logicalId, { Properties, Type: type }]) => {
    if (type !== 'AWS::CloudFormation::Stack') return [];
    const hash = /[0-9a-f]{64}/.exec(JSON.stringify(Properties?.TemplateURL ?? ''))?.[0] ?? '';
    const file = assets.get(hash);
    return file === undefined ? [] : withNested(`${name}/${logicalId}`, file, assets);
  });
  return [{ name, text, images: [] }, ...nested];
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(path, 'utf8'));
}
