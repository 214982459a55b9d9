/** First words of an operation that reads, with any other words: `list-deleted-users`, `getResetToken`. */
export const readVerbs = words(
  'browse check compare count describe detect diff download exists export fetch find get has head inspect is list lookup ' +
    'peek poll preview query read retrieve search show status stream summarize validate verify view watch',
);

/** Words of questions. Many providers use POST for a question, because it has a body. */
export const questionVerbs = words(
  'count evaluate fetch find get list lookup match preview query retrieve search',
);

/** Words of change that hardly ever name a thing. A GET with one of them is not believed to only read. */
export const destroyVerbs = words(
  'cancel deactivate delete deprovision deregister destroy detach disable disconnect erase expunge invalidate kill logout purge ' +
    'reboot remove reset restart revoke shutdown signout terminate truncate undelete uninstall unlink unpublish unregister ' +
    'unsubscribe wipe',
);

/** Words of change, as the first or last word of an operation's name. */
export const changeVerbs = words(
  'accept acknowledge activate add answer append approve archive assign attach ban block buy capture charge clear clone close complete confirm ' +
    'consume copy create decrement deny deploy deposit dequeue dismiss duplicate edit enable enqueue exec execute expire finish flush ' +
    'follow fork generate give grant hide import increment initiate insert install invite join leave lock merge migrate modify ' +
    'move mute notify patch pause pay pop provision publish push put rebuild receive redeem refresh refund regenerate register ' +
    'reject release rename renew reopen reorder replace rerun resend restore resume retry revert roll rotate run save send set shift ' +
    'skip spend start stop submit subscribe suspend toggle transfer trash trigger unarchive unassign unban unblock undo unfollow ' +
    'unlock unmute unpin unstar unsuspend update upgrade upload upsert vote withdraw write ' +
    'allow ask authorize clean compile exchange prompt regen reload request rollback share shorten',
);

/** Words that act at the end of an id, and describe a thing elsewhere: `dialog.open`, unlike `openOrders`. */
export const closingWords = words('open');

/**
 * Results that the caller reports: `step_completed`. After several things, the word selects some of them:
 * `jobs_failed`.
 */
export const outcomeWords = words('completed failed');

/** Names of things that begin with a verb. */
export const compoundNouns: ReadonlySet<string> = new Set(['exchange rate', 'exchange rates']);

/** Verbs from these lists that also name things. */
export const thingWords = words(
  'archive block charge clone copy deposit edit follow fork import increment invite join leave lock merge move patch pause push ' +
    'put refresh refund register release reset resume retry roll run save set shift spend start stop transfer trash trigger update upgrade ' +
    'upload vote exchange process request share',
);

/** Words of actions with a further effect each time, for any method. */
export const repeatVerbs = words(
  'append bump buy charge consume copy debit decrement deposit dequeue duplicate enqueue execute fork generate increment notify ' +
    'pay pop publish purchase push reboot receive redeem refund regenerate reorder rerun resend restart retry roll rotate run send ' +
    'shift spend swap toggle transfer trigger withdraw ' +
    'play process refresh regen rollback',
);

/**
 * The words of repeated actions, and words of starting, unless they write to the thing itself: `startServer`, unlike
 * `start-import` of `/import`.
 */
export const repeatOrStartVerbs: ReadonlySet<string> = new Set([...repeatVerbs, 'start']);

/** First words of an action that makes another thing each time, unless its path names the thing. */
export const addVerbs = words('add associate attach create insert link make record upload');

/** Verbs that bring a PUT's target into the state of its body, for any number of requests. */
export const settleVerbs = words(
  'assign change configure define edit modify overwrite patch rename replace save set store update upsert write',
);

/** Verbs that set a state, independent of the state before. */
export const stateWords = words(
  'archive block disable enable follow hide lock mark mute pin star unarchive unblock unfollow unhide unlock unmute unpin unstar ' +
    'watch unwatch',
);

/** Verbs that remove something, for any number of requests. */
export const removeVerbs = words(
  'cancel clear delete deregister destroy detach disable disassociate disconnect dismiss drop erase expire invalidate leave ' +
    'logout purge remove reset revoke trash unassign unarchive unban unblock unfavorite unfollow uninstall unlink unlock unmute ' +
    'unpin unpublish unregister unset unshare unstar unsubscribe untag unwatch wipe withdraw',
);

/**
 * The removing words that a PUT may use. Words that cost money or notify people are left out, such as the
 * cancellation of an order.
 */
export const undoVerbs = words(
  'clear delete detach disassociate remove unassign unfavorite unlink unregister unset unshare untag',
);

/** Last parts of a path, and words of a name, that refer to another thing after each deletion. */
export const movingWords = words('any current first front head last latest newest next oldest random top');

/** Members of a body that order an action instead of describing the state of a resource. */
export const orderWords = words('action actions command commands op operation operations');

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}
