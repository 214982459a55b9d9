/** First words of an operation that reads, whatever its other words are: `list-deleted-users`, `getResetToken`. */
export const READS = words(
  'browse check compare count describe detect diff download exists export fetch find get has head inspect is list lookup ' +
    'peek poll preview query read retrieve search show status stream summarize validate verify view watch',
);

/** Words of change that hardly ever name a thing; a GET with one of them among its words is not believed to only read. */
export const DESTROYS = words(
  'cancel deactivate delete deprovision deregister destroy detach disable disconnect erase expunge invalidate kill logout purge ' +
    'reboot remove reset restart revoke shutdown signout terminate truncate undelete uninstall unlink unpublish unregister ' +
    'unsubscribe wipe',
);

/** Words of change, where they stand first or last in what an operation is called. */
export const CHANGES = words(
  'accept acknowledge activate add append approve archive assign attach ban block buy capture charge clear clone close complete confirm ' +
    'consume copy create decrement deny deploy deposit dequeue dismiss duplicate edit enable enqueue exec execute expire finish flush ' +
    'follow fork generate give grant hide import increment initiate insert install invite join leave lock merge migrate modify ' +
    'move mute notify patch pause pay pop provision publish push put rebuild receive redeem refresh refund regenerate register ' +
    'reject release rename renew reopen reorder replace rerun resend restore resume retry revert rotate run save send set shift ' +
    'skip spend start stop submit subscribe suspend toggle transfer trash trigger unarchive unassign unban unblock undo unfollow ' +
    'unlock unmute unpin unstar unsuspend update upgrade upload upsert vote withdraw write ' +
    'clean compile exchange regen reload request rollback share shorten',
);

/** Words that act where an id ends in them, and qualify a thing elsewhere: `dialog.open`, unlike `openOrders`. */
export const CLOSING = words('open');

/** How something ends that the caller reports on: `step_completed`; behind several things it is which of them: `jobs_failed`. */
export const OUTCOMES = words('completed failed');

/** What is the name of a thing although it begins with a verb. */
export const COMPOUNDS: ReadonlySet<string> = new Set(['exchange rate', 'exchange rates']);

/** Of all these, the ones that are names of things as well. */
export const THINGS = words(
  'archive block charge clone copy deposit edit follow fork import increment invite join leave lock merge move patch pause push ' +
    'put refresh refund register release reset resume retry run save set shift spend start stop transfer trash trigger update upgrade ' +
    'upload vote exchange process request share',
);

/** Words of what does more each time it is asked, whatever method it is written with. */
export const REPEATS = words(
  'append bump buy charge consume copy debit decrement deposit dequeue duplicate enqueue execute fork generate increment notify ' +
    'pay pop publish purchase push reboot receive redeem refund regenerate reorder rerun resend restart retry rotate run send ' +
    'shift spend swap toggle transfer trigger withdraw ' +
    'play process refresh regen rollback',
);

/** The same of what is started, other than by writing to the very thing: `startServer`, unlike `start-import` of `/import`. */
export const REPEATS_OR_STARTS: ReadonlySet<string> = new Set([...REPEATS, 'start']);

/** First words of what makes another thing each time, unless its path names the thing. */
export const ADDS = words(
  'add book create deploy import insert invite make order place post record register submit',
);

/** First words of what brings about a state, however often, whatever its other words are: `update-transfer`, `deleteRun`. */
export const SETTLES = words(
  'assign cancel change clear configure delete destroy disable edit enable erase modify overwrite patch put remove rename replace ' +
    'revoke save set store update upsert write',
);

/** Last parts of a path that mean something else after each deletion. */
export const MOVING = words('any current first front head last latest newest next oldest random top');

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
