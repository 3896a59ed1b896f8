import { join } from 'node:path';
import { appLifecycle, describeReleases } from '../../cdk-cli/app-lifecycle';
import { activeMqConstructs, appOfActiveMq } from '../../cdk-cli/broker-constructs';

const apps = appLifecycle();

describe('the constructs of ActiveMQ, from deploy to destroy', () => {
  describeReleases(apps, activeMqConstructs, { updated: ['ActiveMq'] });
});

test(`${appOfActiveMq}: deploy, diff, an update of everything that has tags, destroy`, () =>
  apps.expectWholeLife(join(__dirname, '../../../dist/bin', `${appOfActiveMq}.js`)));
