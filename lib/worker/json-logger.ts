import type { WorkerLogger } from './options';

/** A line of JSON each, as CloudWatch Logs Insights reads them. */
export const jsonLogger: WorkerLogger = {
  info: (message, details) => write('INFO', message, details),
  warn: (message, details) => write('WARN', message, details),
  error: (message, details) => write('ERROR', message, details),
};

function write(level: string, message: string, details: object = {}): void {
  const timestamp = new Date().toISOString();
  console.log(JSON.stringify({ timestamp, level, message, ...details }, withErrors));
}

/** What is enumerable of an error does not tell what happened. */
function withErrors(_key: string, value: unknown): unknown {
  return value instanceof Error
    ? { name: value.name, message: value.message, stack: value.stack }
    : value;
}
