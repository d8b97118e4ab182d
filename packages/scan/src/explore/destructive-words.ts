/**
 * Words that name an act: what is called so is never called, whatever its method is. A GET can delete too, so the words of the path,
 * of the query and of the operation's id count alike.
 */
const DESTRUCTIVE = new Set(
  (
    'abort accept activate add approve archive ban block buy cancel charge checkout clear close confirm create deactivate ' +
    'decline delete deploy destroy disable discard dismiss drop empty enable erase execute exec expire flush follow forget ' +
    'generate grant impersonate import insert install invite kill leave lock login logoff logon logout mail merge migrate ' +
    'move notify pay payment promote publish purchase purge reboot refund regenerate register reject release remove rename ' +
    'reset resend restart restore revoke rollback rotate run seed send shutdown signin signoff signout signup sms start ' +
    'stop submit subscribe terminate transfer trigger truncate unblock undo unfollow uninstall unlink unlock unpublish ' +
    'unregister unsubscribe update upgrade upload wipe withdraw'
  ).split(' '),
);
/** Two words that are one act. */
const PAIRS = /(?:^| )(?:log (?:in|on|out|off)|sign (?:in|on|out|up|off)|shut down|opt (?:in|out)|set up)(?: |$)/;

/** The first word of a name that names an act: `delete` of `/users/deleteAll`; undefined if there is none. */
export function destructiveWord(name: string): string | undefined {
  const words = wordsOf(name);
  const single = words.find((word) => DESTRUCTIVE.has(word));
  return single ?? PAIRS.exec(words.join(' '))?.[0].trim();
}

/** `deleteAll_users` → delete, all, users. */
function wordsOf(name: string): string[] {
  return name
    .replaceAll(/%[0-9A-Fa-f]{2}/g, ' ')
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}
