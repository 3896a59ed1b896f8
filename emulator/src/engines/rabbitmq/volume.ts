/** Bytes of a node's volume: that of a small machine, as its memory is. */
export const volumeSize = 4 * 1024 ** 3;

/**
 * A program in the place of `df`, by which RabbitMQ finds out how much disk is free: what is left of the node's volume, and no more than the
 * machine has. RabbitMQ asks for the directory of its data, `df -kP DIRECTORY`.
 *
 * @param path - where the programs of the system are
 */
export function volumeProgram(path = '/usr/bin:/bin'): string {
  return `#!/bin/sh
PATH='${path.replaceAll("'", `'\\''`)}'
size=${volumeSize / 1024}
used=$(du -sk "$2" 2>/dev/null | cut -f1)
free=$((size - used))
machine=$(df -kP "$2" | awk 'NR == 2 { print $4 }')
[ "$machine" -lt "$free" ] && free=$machine
[ "$free" -lt 0 ] && free=0
echo 'Filesystem 1024-blocks Used Available Capacity Mounted on'
echo "volume $size $used $free $((100 * used / size))% $2"
`;
}
