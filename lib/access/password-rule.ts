/** Words that the usual guessing lists are built from. Digits and signs around and between them add nothing. */
const COMMON = [
  'password passwort passw0rd pass word admin administrator root user test tester testing guest login logon default secret',
  'welcome letmein access master changeme change superman batman dragon monkey shadow sunshine princess football baseball',
  'basketball soccer hockey iloveyou love loveyou lovely trustno michael jordan jennifer jessica ashley daniel thomas',
  'charlie george andrew robert whatever freedom starwars pokemon hello goodbye computer internet windows summer winter',
  'spring autumn fall january february march april may june july august september october november december monday',
  'tuesday wednesday thursday friday saturday sunday qwerty qwertyuiop qwertz azerty asdf asdfgh asdfghjkl zxcv zxcvbn',
  'zxcvbnm qazwsx qazwsxedc wsxedc edcrfv abc abcd abcde abcdef abcdefg abcdefgh abcdefghij abcdefghijklmnop company office',
  'crosswalk deltek ajera vantagepoint vision project client erp crm database server this is my the and new one two three',
]
  .join(' ')
  .split(' ')

const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
}

export const PASSWORD_LENGTH = { least: 12, most: 256 } as const

/**
 * Why this password cannot be taken, as a sentence, or `null`. At least twelve characters, no rule about kinds of
 * characters; refused when it is made of nothing but common words, the person's own name or address, digits and signs.
 */
export function passwordProblem(password: string, about: readonly string[] = []): string | null {
  const length = [...password].length
  if (length < PASSWORD_LENGTH.least) {
    return `Use at least ${PASSWORD_LENGTH.least} characters; this has ${length}. A few unrelated words work well.`
  }
  if (length > PASSWORD_LENGTH.most) return `Use at most ${PASSWORD_LENGTH.most} characters; this has ${length}.`
  const lower = password.normalize('NFKC').toLowerCase()
  if (new Set(lower).size < 5) return 'This repeats a few characters and is easily guessed. Try a few unrelated words.'
  const words = [...COMMON, ...about.flatMap(ownWords)]
  const readable = [...lower].map((character) => LOOKALIKES[character] ?? character).join('')
  if (isMadeOf(lower, words) || isMadeOf(readable, words)) {
    return 'This is among the passwords that are tried first. Try a few unrelated words.'
  }
  return null
}

function ownWords(text: string): string[] {
  return text
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word.length >= 3)
}

/** Can the text be laid out in words of the list, with anything that is no letter between them? */
function isMadeOf(text: string, words: readonly string[]): boolean {
  const letters = text.replace(/[^\p{L}]+/gu, '')
  const reachable = new Array<boolean>(letters.length + 1).fill(false)
  reachable[0] = true
  for (let start = 0; start < letters.length; start += 1) {
    if (!reachable[start]) continue
    for (const word of words) if (letters.startsWith(word, start)) reachable[start + word.length] = true
  }
  return reachable[letters.length] === true
}
