import type { CliCommand } from '../command.ts';
import { addHelp } from '../help.ts';
import { registerCases } from './desk/cases.ts';
import { registerKeep } from './desk/keep.ts';
import { registerSecurityTxt } from './desk/security-txt.ts';
import { registerServe } from './desk/serve.ts';

/** `leakproof desk`: a disclosure program that keeps its promises. */
export const deskCommand: CliCommand = {
  name: 'desk',
  register: (program, finish) => {
    const desk = program
      .command('desk')
      .description('Receives vulnerability reports, and keeps every promise made to their reporters.');
    addHelp(desk, {
      exits: { 0: 'done', 1: 'a promise is overdue, a proof is reproduced, or a security.txt has an error' },
      examples: ['leakproof desk init', 'leakproof desk serve', 'leakproof desk list'],
    });
    registerServe(desk, finish);
    registerCases(desk, finish);
    registerKeep(desk, finish);
    registerSecurityTxt(desk, finish);
  },
};
