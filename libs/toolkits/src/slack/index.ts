// The tools
export { sendMessage } from './send-message.js';
export { updateMessage } from './update-message.js';
export { deleteMessage } from './delete-message.js';
export { scheduleMessage } from './schedule-message.js';
export { cancelScheduledMessage } from './cancel-scheduled-message.js';
export { listChannels } from './list-channels.js';
export { readChannel } from './read-channel.js';
export { readThread } from './read-thread.js';
export { findUserByEmail } from './find-user-by-email.js';
export { getUser } from './get-user.js';
export { listUsers } from './list-users.js';
export { addReaction } from './add-reaction.js';
export { removeReaction } from './remove-reaction.js';
export { openConversation } from './open-conversation.js';
export { setChannelTopic } from './set-channel-topic.js';

// How many requests they may make
export { limits } from './limits.js';
