import { compute } from './compute';
import { data } from './data';
import { management } from './management';
import { messaging } from './messaging';
import type { NotesByService } from './notes';

/** What a person should know of each service beyond its list of operations. */
export const serviceNotes: NotesByService = { ...compute, ...data, ...management, ...messaging };
