import { postureOf, stageNamed } from '../rules/posture-of.ts';
import { TOKEN_FLAWS, type TokenFlaw } from '../rules/posture.ts';
import { REGIONS, type Stage } from '../rules/stages.ts';
import { doorOf } from '../surface/doors.ts';
import { hostOf } from '../surface/hosts.ts';

/** Whether a credential that should open nothing opens a door. `guessed-password`: the right one, after many wrong. */
export interface CredentialCell {
  readonly host: string;
  readonly operation: string;
  readonly credential: TokenFlaw | 'guessed-password';
  readonly accepted: boolean;
  readonly verdict: 'violation' | 'withheld';
}

/** The doors at which credentials are tried: whoever's they are, that person's own data is behind them. */
const OWN_DOORS = ['GET /api/me', 'Query.me'] as const;

/** Every credential of a stage that should not be taken, and whether it is; computed from the switches alone. Throws LP-LAB-STAGE. */
export function credentialOracle({ stage: asked }: { readonly stage: string | Stage }): CredentialCell[] {
  const stage = typeof asked === 'string' ? stageNamed(asked) : asked;
  return REGIONS.flatMap((region) => {
    const tokens = OWN_DOORS.flatMap((operation) => {
      const { protocol } = doorOf(operation);
      const posture = postureOf(stage, { region, protocol, channel: 'web', operation }, true);
      return TOKEN_FLAWS.map((flaw) =>
        cellOf(hostOf(region, protocol), operation, flaw, posture.acceptsTokens.includes(flaw)),
      );
    });
    const operation = 'POST /auth/login';
    const { logins } = postureOf(stage, { region, protocol: 'rest', channel: 'web', operation }, false);
    return [...tokens, cellOf(hostOf(region, 'rest'), operation, 'guessed-password', logins === 'unlimited')];
  });
}

const cellOf = (
  host: string,
  operation: string,
  credential: CredentialCell['credential'],
  accepted: boolean,
): CredentialCell => ({ host, operation, credential, accepted, verdict: accepted ? 'violation' : 'withheld' });
