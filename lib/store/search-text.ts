import { z } from 'zod'

/** What a person may type into a search field. PostgreSQL text holds no NUL, so a term with one can match nothing. */
export const searchTextSchema = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !text.includes('\u0000'))

/** Pattern for ILIKE that finds `text` anywhere, its wildcards taken literally. */
export function containsPattern(text: string): string {
  return `%${startsPattern(text)}`
}

/** Pattern for ILIKE that finds what begins with `text`. */
export function startsPattern(text: string): string {
  return `${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
}
