/**
 * What `import { ... } from 'causeway'` loads: the constructs of `index.ts`, when the Node and the CDK that they need are
 * there. Synchronous, so that an app in CommonJS may `require` it.
 */
import '../shared/runtime/check-node.ts';
import { createRequire } from 'node:module';
import { CdkMissingError } from './cdk-missing.ts';

const require = createRequire(import.meta.url);

/** @throws CdkMissingError in place of the name of a module that nobody has heard of */
function constructs(): typeof import('./index.ts') {
  for (const peer of ['aws-cdk-lib', 'constructs']) {
    try {
      require.resolve(peer);
    } catch (error) {
      throw new CdkMissingError('a construct of causeway', peer, error);
    }
  }
  return require('./index.js');
}

export const {
  Authentication,
  CausewayError,
  ConfigurationError,
  ConfigurationFileError,
  InvalidFlowPropsError,
  LiteralSecretError,
  NothingToDeployError,
  RegionStack,
  ReplicationFlow,
  readConfiguration,
  readFlow,
  regionsOf,
} = constructs();
