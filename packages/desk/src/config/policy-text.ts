import type { Policy } from '../clocks/policy.ts';

/** A disclosure policy with safe harbor, in our own words, from the program's promises. Have counsel read it before it is published. */
export function policyText(name: string, policy: Policy, reporterUrl: string): string {
  return `# ${name}: vulnerability disclosure policy

## Scope
Every service of ours, on every host that has a security.txt of ours. If you are not sure, ask before you test.

## What you may test
Use your own accounts, as many as you need. Read as little as shows the problem; three records of other people are enough to prove it. Stop when you see personal data that is not yours, do not pass it on, and delete it when we have confirmed the report. Do not change or destroy data, do not degrade the service, and do not test people (no phishing) or buildings.

## How to report
At ${reporterUrl}, or by any contact of our security.txt. You may stay anonymous. You need no account with us, and no agreement.

## What we promise
A person answers each of your messages within ${policy.answerBusinessDays} business days. Within ${policy.assessDays} days we say whether we judge the report valid. While it is our turn you hear from a person at least every ${policy.hearDays} days. When we miss a date, you are told so, and told who has been alerted.

If your report has a proof that we can run, we run it, and run it again when we say that it is fixed, on every server. A leak that is half fixed stays open.

## Embargo and publication
We ask you to keep the details to yourself for ${policy.deadlineDays} days from your report, or until we have published, if that is earlier. We may ask you for up to ${policy.extensionDays} days more; you may refuse. If the time ends and nothing is published, our status page says so, and you are free to publish. We name you if you wish.

## Safe harbor
If you act in good faith and within this policy, we regard your research as authorized, under laws against computer misuse and against circumvention too, and we waive what our terms of use say against it. We start no legal action against you, and if somebody else does, we say that you were authorized. You are expected to follow the law. If in doubt, ask us first.
`;
}
