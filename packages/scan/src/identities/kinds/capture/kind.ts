import { LeakproofError } from '@leakproof/core';
import { SecretReference } from '../../secret-source.ts';
import { capturedSession } from '../../captured-session.ts';
import { credentialSets } from '../../credential-sets.ts';
import { defineCredential } from '../credential-kind.ts';

export const capture = defineCredential({
  id: 'capture',
  renews: false,
  schema: SecretReference.meta({
    description:
      'A copied curl command, a HAR file or another capture of its own requests. All credentials in it are sent as one set, ' +
      'each to the origin that it was sent to.',
  }),
  open: async (source, { name, readCapture }) => {
    if (!readCapture) throw new LeakproofError('LP-SECRET-MISSING', `The capture of "${name}" cannot be read here.`);
    const sets = credentialSets(await readCapture(source));
    if (sets.size === 0) throw new LeakproofError('LP-SECRET-MISSING', `The capture of "${name}" has no credential.`);
    return capturedSession(sets);
  },
});
