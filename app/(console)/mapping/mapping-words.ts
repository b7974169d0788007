import type { Tone } from '#app/_ui/tone.ts'
import type { MappingStatus } from '#lib/store/mapping-filter'
import type { MatchedBy } from '#lib/store/views-mapping'
import { displayText } from '#lib/sync/display-text'
import type { SideNames } from '#lib/sync/messages'
import { inWords } from '#lib/sync/problem-words'

export const STATUS_WORDS: Readonly<Record<MappingStatus, { label: string; tone: Tone }>> = {
  active: { label: 'Paired', tone: 'ok' },
  removed: { label: 'Removed', tone: 'idle' },
  ambiguous: { label: 'Ambiguous', tone: 'warn' },
  no_match: { label: 'No match', tone: 'warn' },
  suggested: { label: 'Suggested', tone: 'info' },
  conflict: { label: 'Conflict', tone: 'warn' },
}

export const MATCHED_BY_WORDS: Readonly<Record<MatchedBy, string>> = {
  name: 'Name',
  person: 'By hand',
  created: 'Created',
  adopted: 'Adopted',
}

/** Who made a pair: the sync itself, the command line, or a person by e-mail address. */
export function personWords(by: string): string {
  if (by === 'sync') return 'Sync'
  return by === 'cli' ? 'Command line' : by
}

/** Why a pair ended, as a sentence with the names of the two systems. */
export function removedWords(cause: string | null, names: SideNames): string {
  return inWords(displayText(cause ?? '', 300), names)
}
