// `npm run leakproof`: npm starts a script in the folder of package.json and names the one in which it was called. Paths of the command
// line are relative to that one. The installed command needs no such thing.
const { INIT_CWD } = process.env;
if (INIT_CWD !== undefined) process.chdir(INIT_CWD);
await import('../packages/cli/src/main.ts');
