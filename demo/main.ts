import { broker } from './broker';
import { fanOut } from './fan-out';
import { saleDay } from './sale-day';
import { runDemo } from './shop/run-demo';
import { stream } from './stream';
import { workers } from './workers';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const args = process.argv.slice(2);
const named = [broker, fanOut, stream, workers].find(({ name }) => name === args[0]);
void (named === undefined ? runDemo(saleDay, args) : runDemo(named, args.slice(1)));
