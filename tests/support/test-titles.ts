/** A test as it stands in a file: the titles around it and its own, outermost first, and whether it is ever run. */
export type TitledTest = { titles: string[]; runs: boolean }

type Token = { kind: 'word' | 'sign' | 'text'; value: string }

const HEADS = new Set(['describe', 'it', 'test'])
const WITH_ARGUMENTS = new Set(['each', 'for', 'skipIf', 'runIf'])
const PLAIN = new Set(['describe', 'only', 'skip', 'todo', 'fails', 'concurrent', 'sequential', 'serial', 'parallel'])
const CLOSING: Record<string, string> = { '(': ')', '[': ']', '{': '}' }

/**
 * The tests of a TypeScript file in the order in which they stand, with the titles of the suites around them. A title
 * is read as it is written: `%s` and `${name}` stay. One that is no literal at all is the empty text.
 */
export function titledTests(source: string): TitledTest[] {
  const tokens = tokensOf(source)
  const ends = endsOf(tokens)
  const suites: { title: string; runs: boolean; end: number }[] = []
  const tests: TitledTest[] = []
  for (let at = 0; at < tokens.length; at++) {
    while (suites.some(({ end }) => end < at)) suites.pop()
    const call = callAt(tokens, ends, at)
    if (call === null) continue
    const title = titleAt(tokens, call.open + 1)
    const runs = call.runs && suites.every((suite) => suite.runs)
    if (call.isSuite) suites.push({ title, runs, end: ends.get(call.open) ?? tokens.length })
    else tests.push({ titles: [...suites.map((suite) => suite.title), title], runs })
    at = call.open
  }
  return tests
}

/** The test or suite whose call begins with the token at this place, or null: `test.step()` and `/x/.test()` are none. */
function callAt(tokens: Token[], ends: Map<number, number>, start: number) {
  const head = tokens[start]
  if (head?.kind !== 'word' || !HEADS.has(head.value) || isSign(tokens[start - 1], '.')) return null
  const chain = [head.value]
  let at = start + 1
  while (isSign(tokens[at], '.')) {
    const name = tokens[at + 1]?.value ?? ''
    at = typeArgumentsEnd(tokens, ends, at + 2)
    if (WITH_ARGUMENTS.has(name)) at = tokens[at]?.kind === 'text' ? at + 1 : (ends.get(at) ?? at) + 1
    else if (!PLAIN.has(name)) return null
    chain.push(name)
  }
  if (!isSign(tokens[at], '(') || isSign(tokens[at + 1], ')')) return null
  return { open: at, isSuite: chain.includes('describe'), runs: !chain.includes('skip') && !chain.includes('todo') }
}

/** The place after `<…>`, if there is one: `it.each<[string, () => void]>(…)`. */
function typeArgumentsEnd(tokens: Token[], ends: Map<number, number>, start: number): number {
  if (!isSign(tokens[start], '<')) return start
  let depth = 0
  for (let at = start; at < tokens.length; at = (ends.get(at) ?? at) + 1) {
    if (isSign(tokens[at], '<')) depth += 1
    if (isSign(tokens[at], '>') && !isSign(tokens[at - 1], '=')) depth -= 1
    if (depth === 0) return at + 1
  }
  return start
}

function titleAt(tokens: Token[], at: number): string {
  const title = tokens[at]
  return title?.kind === 'text' ? title.value : ''
}

const isSign = (token: Token | undefined, value: string) => token?.kind === 'sign' && token.value === value

/** Where each opened bracket is closed, both by their place among the tokens. */
function endsOf(tokens: Token[]): Map<number, number> {
  const ends = new Map<number, number>()
  const open: { at: number; closing: string }[] = []
  for (const [at, { kind, value }] of tokens.entries()) {
    if (kind !== 'sign') continue
    const closing = CLOSING[value]
    if (closing !== undefined) open.push({ at, closing })
    else if (open.at(-1)?.closing === value) ends.set(open.pop()?.at ?? at, at)
  }
  return ends
}

const SPACE_OR_COMMENT = /(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)+/y
const QUOTED = /'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*"/y
const REGULAR_EXPRESSION = /\/(?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/[a-z]*/y
const WORD = /[\p{L}\p{N}_$]+/uy
const BEFORE_EXPRESSION = new Set(['return', 'typeof', 'await', 'case', 'of', 'in', 'void', 'yield'])

function tokensOf(source: string): Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < source.length; ) {
    const space = matchAt(SPACE_OR_COMMENT, source, at)
    const text = source[at] === '`' ? source.slice(at, templateEnd(source, at)) : matchAt(QUOTED, source, at)
    const expression = beginsExpression(tokens.at(-1)) ? matchAt(REGULAR_EXPRESSION, source, at) : ''
    const word = matchAt(WORD, source, at)
    if (space !== '') at += space.length
    else if (text !== '') at += push(tokens, 'text', text.slice(1, -1).replace(/\\(['"`\\$])/g, '$1'), text)
    else if (expression !== '') at += push(tokens, 'word', 'regular expression', expression)
    else if (word !== '') at += push(tokens, 'word', word, word)
    else at += push(tokens, 'sign', source[at] ?? '', ' ')
  }
  return tokens
}

function push(tokens: Token[], kind: Token['kind'], value: string, read: string): number {
  tokens.push({ kind, value })
  return read.length
}

function matchAt(pattern: RegExp, source: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(source)?.[0] ?? ''
}

/** Whether a slash after this token begins a regular expression rather than divides. */
function beginsExpression(last: Token | undefined): boolean {
  if (last === undefined) return true
  if (last.kind === 'sign') return !')]}'.includes(last.value)
  return last.kind === 'word' && BEFORE_EXPRESSION.has(last.value)
}

/** The place after a template literal; code in it may hold templates of its own. */
function templateEnd(source: string, start: number): number {
  let at = start + 1
  while (at < source.length && source[at] !== '`') {
    if (source[at] === '\\') at += 2
    else if (source.startsWith('${', at)) at = substitutionEnd(source, at + 2)
    else at += 1
  }
  return at + 1
}

function substitutionEnd(source: string, start: number): number {
  let at = start
  for (let depth = 1; at < source.length; ) {
    if (source[at] === '`') at = templateEnd(source, at)
    else at += matchAt(QUOTED, source, at).length || 1
    const sign = source[at - 1]
    if (sign === '{') depth += 1
    if (sign === '}') depth -= 1
    if (depth === 0) break
  }
  return at
}
