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

/** What stands in for a letter in disguise; each may as well be a mere sign. */
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
  if (isMadeOf([...lower], words)) {
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

/** Can the text be laid out in words of the list, in disguise or not, with anything that is no letter between them? */
function isMadeOf(characters: readonly string[], words: readonly string[]): boolean {
  const reachable = new Set([0])
  for (let start = 0; start < characters.length; start += 1) {
    if (!reachable.has(start)) continue
    if (!/\p{L}/u.test(characters[start] ?? '')) reachable.add(start + 1)
    for (const word of words) if (standsAt(characters, start, word)) reachable.add(start + word.length)
  }
  return reachable.has(characters.length)
}

function standsAt(characters: readonly string[], start: number, word: string): boolean {
  for (let index = 0; index < word.length; index += 1) {
    const character = characters[start + index] ?? ''
    if (character !== word[index] && LOOKALIKES[character] !== word[index]) return false
  }
  return true
}
