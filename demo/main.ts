import { fanOut } from './fan-out';
import { saleDay } from './sale-day';
import { runDemo } from './shop/run-demo';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
const args = process.argv.slice(2);
void (args[0] === fanOut.name ? runDemo(fanOut, args.slice(1)) : runDemo(saleDay, args));
