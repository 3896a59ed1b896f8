/** What the paths among a function's arguments are to it. */
export interface PathUse {
  /** Position among the arguments. */
  readonly at: 0 | 1;
  /** Whether it follows a link at the end of the path. */
  readonly follows: boolean;
  /** Whether it changes what is there; `open` and `access` say it by another argument. */
  readonly writes: boolean | 'as opened' | 'as asked';
}

/** How a function of `node:fs` takes and gives paths, whether it waits, calls back or promises. */
export interface FileFunction {
  readonly paths: readonly PathUse[];
  /** The call of the operating system, as errors name it. @default - its own name */
  readonly syscall?: string;
  /** Whether both of its paths have to be of one file system. @default false */
  readonly withinOneMount?: boolean;
  /** What of its result is a path: all of it, or what directory entries say of theirs. @default - nothing */
  readonly gives?: 'path' | 'entries';
}

const reads = (follows = true): FileFunction => ({ paths: [{ at: 0, follows, writes: false }] });
const writes = (syscall?: string, follows = true): FileFunction => ({
  paths: [{ at: 0, follows, writes: true }],
  ...(syscall !== undefined && { syscall }),
});
const copies = (syscall?: string): FileFunction => ({
  paths: [
    { at: 0, follows: true, writes: false },
    { at: 1, follows: true, writes: true },
  ],
  ...(syscall !== undefined && { syscall }),
});
const moves: FileFunction = {
  paths: [
    { at: 0, follows: false, writes: true },
    { at: 1, follows: false, writes: true },
  ],
  withinOneMount: true,
};

/** Every function of `node:fs` that takes paths but the streams, which open by `open`. */
export const fileFunctions: Readonly<Record<string, FileFunction>> = {
  access: { paths: [{ at: 0, follows: true, writes: 'as asked' }] },
  appendFile: writes('open'),
  chmod: writes(),
  chown: writes(),
  copyFile: copies('copyfile'),
  cp: copies(),
  exists: reads(),
  lchmod: writes(undefined, false),
  lchown: writes(undefined, false),
  link: moves,
  lstat: reads(false),
  lutimes: writes('lutime', false),
  mkdir: { ...writes(undefined, false), gives: 'path' },
  mkdtemp: { ...writes(undefined, false), gives: 'path' },
  open: { paths: [{ at: 0, follows: true, writes: 'as opened' }] },
  openAsBlob: reads(),
  opendir: { ...reads(), gives: 'entries' },
  readFile: reads(),
  readdir: { ...reads(), gives: 'entries' },
  readlink: reads(false),
  realpath: { ...reads(), gives: 'path' },
  rename: moves,
  rm: writes(undefined, false),
  rmdir: writes(undefined, false),
  stat: reads(),
  statfs: reads(),
  // What a link says is no path yet.
  symlink: { paths: [{ at: 1, follows: false, writes: true }] },
  truncate: writes('open'),
  unlink: writes(undefined, false),
  unwatchFile: reads(),
  utimes: writes('utime'),
  watch: reads(),
  watchFile: reads(),
  writeFile: writes('open'),
};
