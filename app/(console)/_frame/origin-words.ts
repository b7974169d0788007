import type { ConnectionView } from '#lib/store/connections'

/** Where a connection comes from, for people. */
export const ORIGIN_WORDS: Readonly<Record<ConnectionView['origin'], string>> = {
  sandbox: 'Sandbox',
  environment: 'Set by environment',
  screen: 'Live systems',
}
