import { stageNamed } from '../rules/named-stages.ts';
import { postureOf } from '../rules/posture-of.ts';
import { TOKEN_FLAWS, type TokenFlaw } from '../rules/posture.ts';
import { REGIONS, type Stage } from '../rules/stage.ts';
import { operationNamed } from '../surface/operations.ts';
import { hostOf } from '../surface/hosts.ts';

/** Whether an operation accepts a credential that it should reject. `guessed-password`: the right one, after many wrong ones. */
export interface CredentialCell {
  readonly host: string;
  readonly operation: string;
  readonly credential: TokenFlaw | 'guessed-password';
  readonly accepted: boolean;
  readonly verdict: 'violation' | 'withheld';
}

/** Operations that credentials are tried on: they return the caller's own data, whoever the caller is. */
const OWN_OPERATIONS = ['GET /api/me', 'Query.me'] as const;

/** Whether each credential that should be rejected is accepted; computed from the switches alone. Throws LP-LAB-STAGE. */
export function credentialOracle({ stage: asked }: { readonly stage: string | Stage }): CredentialCell[] {
  const stage = typeof asked === 'string' ? stageNamed(asked) : asked;
  return REGIONS.flatMap((region) => {
    const tokens = OWN_OPERATIONS.flatMap((operation) => {
      const { protocol } = operationNamed(operation);
      const posture = postureOf(stage, { region, protocol, channel: 'web', operation }, true);
      return TOKEN_FLAWS.map((flaw) =>
        cellOf({
          host: hostOf(region, protocol),
          operation,
          credential: flaw,
          accepted: posture.acceptsTokens.includes(flaw),
        }),
      );
    });
    const operation = 'POST /auth/login';
    const { logins } = postureOf(stage, { region, protocol: 'rest', channel: 'web', operation }, false);
    const accepted = logins === 'unlimited';
    const password = { host: hostOf(region, 'rest'), operation, credential: 'guessed-password', accepted } as const;
    return [...tokens, cellOf(password)];
  });
}

const cellOf = (outcome: Omit<CredentialCell, 'verdict'>): CredentialCell => ({
  ...outcome,
  verdict: outcome.accepted ? 'violation' : 'withheld',
});
