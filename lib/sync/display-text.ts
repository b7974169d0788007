import { foldWhiteSpace } from './name-rule.ts'

// Control characters, lone format characters and the marks that turn the direction of writing: they can hide or
// reverse what stands around them in a log line. The joiners U+200C and U+200D stay: words and emoji need them.
const UNSEEN = /(?![\u200C\u200D])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

const LONGEST = 120

/**
 * A text from one of the systems as a message may show it: one line, without control and direction characters, at
 * most `limit` code points with an ellipsis for the rest.
 */
export function displayText(text: string, limit: number = LONGEST): string {
  const codePoints = [...foldWhiteSpace(foldWhiteSpace(text).replace(UNSEEN, ''))]
  return codePoints.length <= limit
    ? codePoints.join('')
    : `${codePoints
        .slice(0, limit - 1)
        .join('')
        .trimEnd()}…`
}

/** The text in quotation marks; nothing at all is said to be so. */
export function quoted(text: string | null, limit?: number): string {
  const shown = text === null ? '' : displayText(text, limit)
  return shown === '' ? 'empty' : `“${shown}”`
}
