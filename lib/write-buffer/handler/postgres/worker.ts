import { runHandler } from '../event-source';
import { handler } from './index';

/** The same on an instance. */
void runHandler(handler);
