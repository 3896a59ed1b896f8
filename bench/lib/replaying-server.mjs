// node replaying-server.mjs RECORD PORT: answers from a record until it is told to end.
import { readFileSync } from 'node:fs';
import { replayingServer } from './recording.mjs';

const [, , record, port] = process.argv;
replayingServer(JSON.parse(readFileSync(record, 'utf8')), Number(port));
