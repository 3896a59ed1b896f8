import type { TemplateCheck } from '../cloudformation';
import { Emulator } from '../emulator';
import type { EmulatorOptions } from '../options';
import { UsageError } from './arguments';
import { templatesAt } from './assembly-templates';

/**
 * Says what a template or a cloud assembly would come to: what is emulated, what is only recorded, what cannot be
 * deployed. No server is needed.
 *
 * @param path - a template, JSON or YAML, or a directory such as `cdk.out`
 * @returns the text to print, and whether all of it could be deployed
 * @throws UsageError if there is nothing of the kind at the path.
 */
export async function checkPath(
  path: string,
  options: Pick<EmulatorOptions, 'allowRecorded'>,
): Promise<{ readonly text: string; readonly deployable: boolean }> {
  const templates = readTemplates(path);
  const aws = await Emulator.start(options);
  try {
    const reports = templates.map(({ images, name, text }) => {
      const check = checkOf(aws, text);
      const unsupported = [
        ...check.unsupported,
        ...images.map((image) => `image of a container (${image})`),
      ];
      return { name, check: { ...check, unsupported } };
    });
    const recordable = new Set(reports.flatMap(({ check }) => check.recordable));
    return {
      text: [
        ...reports.map(({ check, name }) => report(name, check)),
        ...(recordable.size > 0
          ? [`--allow-recorded would record ${[...recordable].sort().join(', ')}\n`]
          : []),
      ].join(''),
      deployable: reports.every(
        ({ check: { invalid, unsupported } }) => invalid.length + unsupported.length === 0,
      ),
    };
  } finally {
    await aws.stop();
  }
}

/** A template that cannot even be read has one thing wrong. */
function checkOf(aws: Emulator, template: string): TemplateCheck {
  try {
    return aws.check(template);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { levels: [], invalid: [reason], unsupported: [], recordable: [] };
  }
}

function readTemplates(path: string) {
  try {
    return templatesAt(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`check takes a template or a cloud assembly (cdk.out): ${reason}`);
  }
}

function report(name: string, { invalid, levels, unsupported }: TemplateCheck): string {
  const named = (wanted: TemplateCheck['levels']): string[] =>
    wanted.map(({ count, type }) => `${type} ${count}`);
  const sections: readonly (readonly [string, readonly string[]])[] = [
    ['emulated', named(levels.filter(({ level }) => level === 'emulated'))],
    ['recorded', named(levels.filter((one) => one.level === 'recorded' && !one.allowedOnly))],
    ['recorded only because allowed', named(levels.filter(({ allowedOnly }) => allowedOnly))],
    ['unsupported', unsupported],
    ['wrong', invalid],
  ];
  const lines = sections
    .filter(([, items]) => items.length > 0)
    .map(([title, items]) => `  ${title}\n${items.map((item) => `    ${item}\n`).join('')}`);
  return `${name}\n${lines.join('')}`;
}
