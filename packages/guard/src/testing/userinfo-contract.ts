import { compileContract, SMALL_CONTRACT } from './small-contract.ts';

/** The small contract, with callers that the origin names. */
export const USERINFO_CONTRACT = SMALL_CONTRACT.replace(
  /principals:\n.*\n.*\n/,
  `principals:
  member: { userinfo: { by: GET /me, id: data.username, from: [authorization, 'cookie:sid', 'header:x-api-key'] }, ids: person }
`,
);

export function userinfoContract(
  change: (text: string) => string = (text) => text,
): ReturnType<typeof compileContract> {
  return compileContract(change(USERINFO_CONTRACT));
}
