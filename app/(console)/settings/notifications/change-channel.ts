import type { z } from 'zod'
import { renewSecret } from '#lib/ops/message-access'
import { removeChannel, setChannelEnabled, updateChannel } from '#lib/store/channels'
import type { channelForm } from './schema.ts'
import type { FormState } from './state.ts'

/** Does what was asked of a channel and says so; `null`: there is no such channel. */
export async function changeChannel(
  change: z.output<typeof channelForm>,
): Promise<Pick<FormState, 'done' | 'secret'> | null> {
  const { channelId } = change
  switch (change.intent) {
    case 'save': {
      const { alertKinds, mode } = change
      return (await updateChannel(channelId, { alertKinds, mode })) ? { done: 'Saved.' } : null
    }
    case 'enable':
      return (await setChannelEnabled(channelId, true)) ? { done: 'Switched on.' } : null
    case 'disable':
      return (await setChannelEnabled(channelId, false)) ? { done: 'Switched off. What waited is not sent.' } : null
    case 'remove':
      return (await removeChannel(channelId)) ? { done: 'Removed.' } : null
    case 'renew': {
      const secret = await renewSecret(channelId)
      return secret === null ? null : { done: 'The old secret is worth nothing from now on.', secret }
    }
  }
}
