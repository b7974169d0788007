import { displayText, quoted } from './display-text.ts'
import { counted, subjectName, TYPE_NAMES } from './log-entry.ts'
import { warningMessage } from './messages.ts'
import type { FieldChange } from './plan.ts'
import { inWords } from './problem-words.ts'
import { PROBLEMS, type ProblemCode, problemCodes } from './problems.ts'
import { leftOut, type WhyFacts, type WhyItem, type WhyReason, type WhyRun, weightiestItem, whyReason } from './why.ts'

/** Why a record did or did not sync, for a person. */
export interface Why {
  readonly reason: WhyReason
  /** Names the record, says what happened, why, and what to do. */
  readonly sentence: string
  /** The catalogue's entry, where the reason is a problem. */
  readonly code: ProblemCode | null
}

/** The answer to "why did, or didn't, this record sync?" (product.md §1, §3). */
export function explainWhy(facts: WhyFacts): Why {
  const reason = whyReason(facts)
  const { sentence, code = null } = WORDS[reason](facts, facts.run ?? NO_RUN)
  return { reason, sentence, code }
}

interface Words {
  readonly sentence: string
  readonly code?: ProblemCode | null
}

type Say = (facts: WhyFacts, run: WhyRun) => Words

// Never spoken of: every reason that looks at the run has one.
const NO_RUN: WhyRun = {
  id: '',
  kind: 'sync',
  status: 'completed',
  options: { mapUnsynced: false, whenNoMatch: 'leave', includeClosed: false, allBatches: false, preview: false },
  firstTime: false,
  decidedType: true,
  remainingProjects: 0,
  remainingRuns: 0,
  message: null,
}

const WORDS: Readonly<Record<WhyReason, Say>> = {
  'no-run': (facts) =>
    say(facts, 'has not been looked at yet, because no sync has finished. Start one on the Synchronize page.'),
  created: (facts, run) => ({ sentence: wrote(facts, run) }),
  updated: (facts, run) => ({ sentence: wrote(facts, run) }),
  failed: (facts, run) => failed(facts, run),
  unanswered: ({ names, ...facts }) =>
    say(
      facts,
      `was sent to be created, and no answer came, so nobody knows yet whether it exists. The next sync looks it up ` +
        `in ${names.crm} before anything is sent again.`,
      problemCodes.answerLost,
    ),
  notReached: (facts, run) =>
    say(facts, `was due, but ${runWords(run)} stopped before it came to it${because(run)} Start a sync again.`),
  'run-stopped': (facts, run) =>
    say(
      facts,
      `was not looked at: ${runWords(run)} stopped before it came to ${TYPE_NAMES[facts.subject.type].toLowerCase()} ` +
        `records${because(run)} Mend what stopped it and start a sync again.`,
    ),
  skipped: (facts, run) => skipped(facts, run),
  conflict: (facts) => {
    const open = facts.pair?.openConflicts ?? []
    const were = open.length > 1 ? 'were' : 'was'
    const written = list(labels(facts.items.flatMap((item) => item.changes)))
    return say(
      facts,
      `waits for you: ${list(open) || 'a field'} ${were} changed in ${facts.names.erp} and in ${facts.names.crm} since ` +
        `the last sync, so nothing was written there.${written === '' ? '' : ` Updated all the same: ${written}.`} ${inWords(PROBLEMS[problemCodes.conflictOpen].fix, facts.names)}`,
      problemCodes.conflictOpen,
    )
  },
  decided: (facts) =>
    say(
      facts,
      `was changed on both sides; a person has decided ${list(facts.pair?.decidedConflicts ?? [])}. ` +
        'The next sync carries the decision out.',
    ),
  'paired-since': (facts) =>
    say(
      facts,
      `was paired with ${partner(facts)} by ${displayText(facts.pair?.pairedSinceBy ?? '')} after the last sync. ` +
        `The next sync compares their fields${facts.pair?.syncOn ? ' and sends what differs' : ''}.` +
        (facts.pair?.syncOn ? '' : ` ${switchWords(facts)}`),
    ),
  'unpaired-since': (facts) =>
    say(
      facts,
      `has had no pair since the last sync: ${removedWords(facts)} Pair it again on this page if it should sync.`,
    ),
  'not-set-to-sync': (facts) =>
    facts.pair
      ? say(facts, `did not sync. ${switchWords(facts)}`)
      : removedFirst(facts, `was not compared with ${facts.names.crm} by name. ${switchWords(facts)}`),
  closed: (facts) =>
    say(
      facts,
      `did not sync: it is closed in ${facts.names.erp}, and the last sync left closed projects out. ` +
        'Start a sync with Sync closed projects.',
    ),
  'failed-in-this-drain': (facts, run) =>
    say(
      facts,
      'failed in an earlier batch and counts as dealt with until every batch is synced. ' +
        `It is tried again after that: ${remaining(run)}.`,
    ),
  'waits-for-batch': (facts, run) =>
    say(facts, `is due and waits for a later batch: ${remaining(run)}. ${runAgain(run)}`),
  'waits-for-backlog': (facts, run) => waitsForBacklog(facts, run),
  'waits-for-way-back': (facts) =>
    say(
      facts,
      `was changed in ${facts.names.crm} (${changed(facts, 'erp')}) and has not been taken into ${facts.names.erp} yet. ` +
        'The next sync takes it.',
    ),
  due: (facts) =>
    facts.plan
      ? say(
          facts,
          `is due (${changed(facts, 'crm')}): what decides about it has changed since the last sync. The next sync sends it.`,
        )
      : say(facts, `is due: its two sides have not been compared yet. The next sync compares them.`),
  'left-out': (facts) => leftOutWords(facts),
  pinned: (facts) =>
    say(
      facts,
      `is in step but for ${list(facts.pair?.pinnedDifferences ?? [])}, which a person has pinned, so no sync touches it. ` +
        'Unpin it on its page if it should sync again.',
    ),
  mapped: (facts) =>
    say(facts, `was paired with ${partner(facts)} by the last sync, and nothing had to be sent: both sides agree.`),
  unchanged: (facts) =>
    say(facts, `had nothing to sync: ${facts.names.erp} and ${facts.names.crm} agree in every mapped field.`),
  ambiguous: (facts) => ambiguous(facts),
  'no-match': (facts) =>
    removedFirst(
      facts,
      `was left out: no unmapped record in ${facts.names.crm} has the same name. ` +
        inWords(PROBLEMS[problemCodes.noMatch].fix, facts.names),
      problemCodes.noMatch,
    ),
  'no-last-name': (facts) =>
    removedFirst(
      facts,
      `was left out: it has no last name, and ${facts.names.crm} requires one. ` +
        inWords(PROBLEMS[problemCodes.noLastName].fix, facts.names),
      problemCodes.noLastName,
    ),
  'removed-in-crm': (facts) =>
    removedFirst(
      facts,
      `waits for you: what ${facts.names.crm} has lost is not created again by itself. ` +
        inWords(PROBLEMS[problemCodes.mappingRemoved].fix, facts.names),
      problemCodes.mappingRemoved,
    ),
  'to-be-created': (facts) => {
    const side = facts.erp ? facts.names.crm : facts.names.erp
    return removedFirst(facts, `is not in ${side} yet. The next sync creates it there.`)
  },
  'gone-in-crm': (facts) =>
    say(facts, `did not sync: ${facts.names.crm} no longer has the record. Restore it there, or pair another one.`),
  'gone-in-erp': (facts) =>
    say(facts, `did not sync: ${facts.names.erp} no longer has the record. Unpair it if that is meant.`),
}

function say({ subject }: Pick<WhyFacts, 'subject'>, rest: string, code: ProblemCode | null = null): Words {
  return { sentence: `${subjectName(subject)} ${rest}`, code }
}

/** A record that had a pair: how it lost it is the first thing to know. */
function removedFirst(facts: WhyFacts, rest: string, code: ProblemCode | null = null): Words {
  if (!facts.removed) return say(facts, rest, code)
  return say(facts, `${rest} It had a pair: ${removedWords(facts)}`, code ?? problemCodes.mappingRemoved)
}

function removedWords({ removed }: WhyFacts): string {
  if (!removed) return ''
  const cause = displayText(removed.cause, 200)
  const who = removed.by === 'sync' ? 'the sync' : displayText(removed.by)
  return `${quoted(removed.crmName)} (${displayText(removed.crmId)}) was taken off by ${who}. ${cause.replace(/\.?$/, '.')}`
}

function partner({ pair, subject, names }: WhyFacts): string {
  return `${quoted(pair?.crmName ?? null)} (${displayText(subject.crmId ?? '')}) in ${names.crm}`
}

function switchWords({ names, pair }: WhyFacts): string {
  const other = pair ? '' : ', or start a sync that maps unsynced projects'
  return `Sync to CRM is off for it. Turn it on in ${names.erp}${other}.`
}

function runWords(run: WhyRun): string {
  return { sync: 'the last sync', retry: 'the retry', apply: 'the approved plan', undo: 'the undo' }[run.kind]
}

function because(run: WhyRun): string {
  return run.message === null ? '.' : `: ${displayText(run.message, 400).replace(/\.?$/, '.')}`
}

function remaining(run: WhyRun): string {
  return `${counted(run.remainingProjects, 'project')} ${run.remainingProjects === 1 ? 'is' : 'are'} left`
}

function runAgain(run: WhyRun): string {
  return `Start the sync ${counted(run.remainingRuns, 'more time')}, or once with Keep going until every batch is synced.`
}

function waitsForBacklog(facts: WhyFacts, run: WhyRun): Words {
  const { names, plan } = facts
  const what = plan
    ? `was changed in ${names.crm} (${changed(facts, 'erp')}), which is taken into ${names.erp}`
    : `is not in ${facts.erp ? names.crm : names.erp} yet and is created there`
  return say(facts, `${what} once every batch is synced: ${remaining(run)}. ${runAgain(run)}`)
}

function wrote(facts: WhyFacts, run: WhyRun): string {
  const parts = facts.items
    .filter(({ outcome }) => outcome === 'created' || outcome === 'updated')
    .map((item) => wroteOnce(facts, item))
  return `${subjectName(facts.subject)} was ${parts.join(', and ')} by ${runWords(run)}.`
}

function wroteOnce({ names, subject }: WhyFacts, { direction, outcome, changes }: WhyItem): string {
  const side = direction === 'to_crm' ? names.crm : names.erp
  const id = direction === 'to_crm' && subject.crmId !== null ? ` (${displayText(subject.crmId)})` : ''
  if (outcome === 'created') return `created in ${side}${id}`
  const fields = list(labels(changes))
  return `updated in ${side}${id}${fields === '' ? '' : `: ${fields}`}`
}

function failed(facts: WhyFacts, run: WhyRun): Words {
  const item = weightiestItem(facts.items)
  const code = item?.code ?? null
  if (item?.message != null) return { sentence: item.message, code }
  const why = code === null ? '' : ` ${inWords(`${PROBLEMS[code].cause} ${PROBLEMS[code].fix}`, facts.names)}`
  return say(facts, `failed in ${runWords(run)}.${why || ' Its log lines say why.'}`, code)
}

function skipped(facts: WhyFacts, run: WhyRun): Words {
  const item = weightiestItem(facts.items)
  if (item?.message != null) return { sentence: item.message, code: item.code }
  return say(facts, `was left out of ${runWords(run)}, because its pair was changed while it went. Start a sync again.`)
}

function ambiguous(facts: WhyFacts): Words {
  const { finding, names, subject } = facts
  const ids = finding?.crmIds ?? []
  const rivals = (finding?.erpKeys ?? []).filter((key) => key !== subject.erpKey)
  const crm = ids.length === 0 ? '' : ` ${names.crm} has ${list(ids.map((id) => displayText(id)))}.`
  const erp = rivals.length === 0 ? '' : ` ${names.erp} has it under ${list(rivals)} too.`
  return removedFirst(
    facts,
    `was not paired, because its name is ambiguous.${crm}${erp} ${inWords(PROBLEMS[problemCodes.ambiguous].fix, names)}`,
    problemCodes.ambiguous,
  )
}

function leftOutWords(facts: WhyFacts): Words {
  const [first, ...more] = facts.plan ? leftOut(facts.plan) : []
  if (!first) return WORDS.unchanged(facts, NO_RUN)
  const others = more.length === 0 ? '' : ` So it is with ${list(more.map((warning) => warning.label))}.`
  const { message } = warningMessage(facts.names, facts.subject, first)
  return { sentence: `${message}${others} Everything else agrees.`, code: first.code }
}

function changed({ plan }: WhyFacts, side: 'erp' | 'crm'): string {
  return list(labels((plan?.changes ?? []).filter((change) => (change.side ?? 'crm') === side)))
}

function labels(changes: readonly FieldChange[]): string[] {
  return [...new Set(changes.map((change) => change.label))]
}

const LISTED = 4

/** `Notes`, `Notes and Phone`, `Notes, Phone, Zip and 3 more`. */
function list(names: readonly string[]): string {
  const shown = names.length > LISTED ? [...names.slice(0, LISTED - 1), `${names.length - LISTED + 1} more`] : names
  const last = shown.at(-1) ?? ''
  return shown.length < 2 ? last : `${shown.slice(0, -1).join(', ')} and ${last}`
}
