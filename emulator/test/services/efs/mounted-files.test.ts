import { readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { handler, MountBench, policy } from './mount-bench';

let bench: MountBench;
beforeEach(async () => {
  bench = await MountBench.start();
});
afterEach(() => bench.aws.stop());

describe('what a function finds at its mount', () => {
  beforeEach(async () => {
    await bench.reachable();
  });

  test('is there for node:fs in every form', async () => {
    const result = await bench.run(
      handler(`
        const { once } = require('node:events');
        const { promisify } = require('node:util');
        const { pathToFileURL } = require('node:url');
        const root = '/mnt/orders';
        fs.mkdirSync(root + '/sync/deep', { recursive: true });
        fs.writeFileSync(Buffer.from(root + '/sync/a'), 'a');
        fs.appendFileSync(root + '/sync/a', 'b');
        await promises.cp(root + '/sync', root + '/copy', { recursive: true });
        await promises.rename(root + '/copy/a', root + '/copy/b');
        const stream = fs.createWriteStream(root + '/copy/stream');
        stream.end('streamed');
        await once(stream, 'finish');
        let read = '';
        for await (const chunk of fs.createReadStream(root + '/copy/stream')) read += chunk;
        const handle = await promises.open(root + '/copy/b', 'r+');
        await handle.write('A', 0);
        await handle.close();
        const callback = await new Promise((resolve, reject) =>
          fs.readFile(pathToFileURL(root + '/copy/b'), 'utf8', (error, text) =>
            error ? reject(error) : resolve(text)));
        const entries = fs.readdirSync(root + '/copy', { withFileTypes: true });
        const directory = await promises.opendir(root);
        const first = [(await directory.read()).path, directory.readSync().path];
        first.push(await new Promise((resolve) => directory.read((_, entry) => resolve(entry))));
        await directory.close();
        const opened = [];
        for await (const { path } of await promises.opendir(root + '/copy')) opened.push(path);
        await promises.rm(root + '/sync', { recursive: true });
        return {
          callback,
          read,
          writer: stream.path,
          directory: directory.path,
          first,
          opened,
          exists: [fs.existsSync(root + '/copy/b'), await promisify(fs.exists)(root + '/sync')],
          names: entries.map(({ name, parentPath = root + '/copy' }) => parentPath + '/' + name),
          real: [fs.realpathSync(root + '/copy/../copy'), fs.realpathSync.native(root)],
          temporary: (await promises.mkdtemp(root + '/t-')).startsWith(root + '/t-'),
          size: (await promises.stat(root + '/copy/stream')).size,
        };`),
    );
    const root = '/mnt/orders';
    expect(result).toEqual({
      callback: 'Ab',
      read: 'streamed',
      writer: `${root}/copy/stream`,
      directory: root,
      first: [root, root, null],
      opened: [`${root}/copy`, `${root}/copy`, `${root}/copy`],
      exists: [true, false],
      names: [`${root}/copy/b`, `${root}/copy/deep`, `${root}/copy/stream`],
      real: [`${root}/copy`, root],
      temporary: true,
      size: 8,
    });
    const directory = await bench.aws.efs.directory(bench.accessPoint);
    expect(await readFile(join(directory, 'copy/b'), 'utf8')).toBe('Ab');
  });

  test('is there for ECMAScript modules, too', async () => {
    await writeFile(join(await bench.aws.efs.directory(bench.accessPoint), 'a'), 'from the test');
    const module = `
      import { readFileSync } from 'node:fs';
      import { readFile } from 'node:fs/promises';
      export const handler = async () =>
        [readFileSync('/mnt/orders/a', 'utf8'), await readFile('/mnt/orders/a', 'utf8')];`;
    expect(await bench.run(module, 'index.mjs')).toEqual(['from the test', 'from the test']);
  });

  test('has errors that name what the function knows', async () => {
    const result = await bench.run(
      handler(`
        const tell = (error) => [error.code, error.path, error.message];
        const results = [await promises.readFile('/mnt/orders/none').catch(tell)];
        try { fs.readFileSync('/mnt/orders/none'); } catch (error) { results.push(tell(error)); }
        fs.writeFileSync(process.env.TMPDIR + '/a', '');
        results.push(await promises.rename(process.env.TMPDIR + '/a', '/mnt/orders/a').catch(tell));
        await new Promise((resolve) =>
          fs.rmdir('/mnt/orders/none', (error) => resolve(results.push(tell(error)))));
        return results.map(([code, path, message]) =>
          [code, path.replace(process.env.TMPDIR, ''), message.replaceAll(process.env.TMPDIR, '')]);`),
    );
    const missing = "no such file or directory, open '/mnt/orders/none'";
    expect(result).toEqual([
      ['ENOENT', '/mnt/orders/none', `ENOENT: ${missing}`],
      ['ENOENT', '/mnt/orders/none', `ENOENT: ${missing}`],
      // As between any two file systems.
      ['EXDEV', '/a', "EXDEV: cross-device link not permitted, rename '/a' -> '/mnt/orders/a'"],
      ['ENOENT', '/mnt/orders/none', "ENOENT: no such file or directory, rmdir '/mnt/orders/none'"],
    ]);
  });

  test('is not what lies beside it, by .. or by links', async () => {
    const directory = await bench.aws.efs.directory(bench.accessPoint);
    await writeFile(join(dirname(directory), 'secret'), 'of another access point');
    await writeFile(join(directory, 'order'), 'an order');
    await symlink('../secret', join(directory, 'up'));
    await symlink('/mnt/orders/order', join(directory, 'absolute'));
    await symlink('order', join(directory, 'relative'));
    await symlink('loop', join(directory, 'loop'));
    await symlink('..', join(directory, 'parent'));
    const result = await bench.run(
      handler(`
        const read = (name) => promises.readFile('/mnt/orders/' + name, 'utf8').catch(({ code }) => code);
        fs.symlinkSync('order', '/mnt/orders/made');
        return {
          contents: await Promise.all(
            ['../secret', 'up', 'parent/secret', 'x/../../secret', 'absolute', 'relative', 'loop', 'made'].map(read)),
          link: [fs.readlinkSync('/mnt/orders/absolute'), fs.lstatSync('/mnt/orders/up').isSymbolicLink()],
          neighbours: fs.existsSync('/mnt/orders2'),
        };`),
    );
    expect(result).toEqual({
      contents: [
        'ENOENT',
        'ENOENT',
        'ENOENT',
        'ENOENT',
        'an order',
        'an order',
        'ELOOP',
        'an order',
      ],
      link: ['/mnt/orders/order', true],
      neighbours: false,
    });
  });

  test('may be read and not changed, in any form, where it is mounted read-only', async () => {
    await writeFile(join(await bench.aws.efs.directory(bench.accessPoint), 'a'), 'a');
    await bench.efs.putFileSystemPolicy({
      FileSystemId: bench.fileSystem.id,
      Policy: policy({
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: 'elasticfilesystem:ClientMount',
      }),
    });
    const result = await bench.run(
      handler(`
        const tell = (call) => { try { return call(); } catch ({ message }) { return message; } };
        const { once } = require('node:events');
        const root = '/mnt/orders';
        const [error] = await once(fs.createWriteStream(root + '/b'), 'error');
        return [
          fs.readFileSync(root + '/a', 'utf8'),
          fs.copyFileSync(root + '/a', process.env.TMPDIR + '/a') ?? 'copied',
          tell(() => fs.accessSync(root + '/a') ?? 'readable'),
          tell(() => fs.accessSync(root + '/a', fs.constants.W_OK)),
          tell(() => fs.openSync(root + '/a', fs.constants.O_RDWR)),
          tell(() => fs.unlinkSync(root + '/a')),
          tell(() => fs.renameSync(root + '/a', root + '/b')),
          await promises.mkdir(root + '/c').catch(({ message }) => message),
          await new Promise((resolve) => fs.chmod(root + '/a', 0o600, ({ message }) => resolve(message))),
          error.message,
        ];`),
    );
    const refused = (call: string, path: string) =>
      `EROFS: read-only file system, ${call} '/mnt/orders/${path}'`;
    expect(result).toEqual([
      'a',
      'copied',
      'readable',
      refused('access', 'a'),
      refused('open', 'a'),
      refused('unlink', 'a'),
      `${refused('rename', 'a')} -> '/mnt/orders/b'`,
      refused('mkdir', 'c'),
      refused('chmod', 'a'),
      refused('open', 'b'),
    ]);
  });
});
