/** One numbered rule of the sync rules: its number, and in short what it says. */
export type SyncRule = { id: string; inShort: string }

const RULES: [id: string, inShort: string][] = [
  ['2.1', 'One active run per connection, held by the database; a second start answers with the run that is going'],
  ['2.2', 'The options of a manual run, all off at first; “If no CRM project matches” counts only with “Map unsynced”'],
  ['2.3', 'An automatic run uses the options of its schedule; a backlog goes on with those of the run that left it'],
  ['2.4', 'A preflight before anything is read; when it fails the run has one line per finding and changed nothing'],

  ['3.1', 'Employees, clients, contacts, projects are read in this order, so that mappings exist when they are needed'],
  ['3.2', 'What changed since the watermark less ten minutes is read; all of it in a first and in every Nth run'],
  ['3.3', 'A watermark moves only in the transaction that stored the last page it covers'],
  ['3.4', 'Watermarks go by the clock of the remote system, never by that of this machine'],
  ['3.5', 'Only wanted fields are read; what is private is dropped in the connector, before it is stored or logged'],

  [
    '4.1',
    'A type without mappings is matched whole, flagged or not, closed too; a pair with its switch off sends nothing',
  ],
  ['4.2', 'Later only what is marked to sync and not mapped is matched, from either side'],
  [
    '4.3',
    'Map unsynced matches projects whose switch is off; a match turns Sync to CRM on, in the ERP too where allowed',
  ],
  ['4.4', 'Up to 40 characters a description is looked for among short names, from 41 among long names, nowhere else'],
  ['4.5', 'Clients and vendors go by the name of their firm, contacts and employees by first, middle and last name'],
  ['4.6', 'Names are equal after trimming, NFC, folding of white space and case; punctuation counts'],
  ['4.7', 'One to one: what is ambiguous is not mapped, one warning names all; the order of input never matters'],
  ['4.8', 'A project without a match is left out and logged, or created where the setting says so'],
  ['4.9', 'A suggestion by likeness is shown to a person and maps nothing by itself'],
  ['4.10', 'A pair that a person ruled out is no candidate again, in any run'],

  ['5.1', 'Due is what is mapped, switched on and differs from what was last sent; changed totals count as changes'],
  ['5.2', 'Closed projects are due only in a run with Sync closed projects'],
  ['5.3', 'Sent in order of the oldest change, then of the ERP key'],
  ['5.4', 'A project that this run created in the CRM is not due again in it'],

  ['6.1', 'At most 500 projects a run; the sentence about the rest is word for word, with its own numbers'],
  ['6.2', 'Until the backlog is empty nothing is created or taken over; other record types do run'],
  ['6.3', 'The run that empties the backlog does those steps, writes Sync Completed and mentions no batches'],
  ['6.4', 'Keep going runs batch after batch, with one line for each, and ends with Sync Completed'],
  ['6.5', 'A failed project counts as dealt with in its batch and is due again after the backlog'],
  ['6.6', 'A record that changes again while the backlog drains is sent once, with the newest content'],

  ['7.1', 'A mapping keeps for each mapped field the value both sides agreed on'],
  ['7.2', 'ERP value, CRM value and base decide a field, with its owner, the conflict policy and pins'],
  ['7.3', 'A write that would change nothing is never sent'],
  ['7.4', 'Values are cut to the limit of the CRM, with one warning per value'],
  ['7.5', 'A reference goes through the mapping of its type; unmapped, the field is left out with one warning'],
  ['7.6', 'A code is looked up in the CRM; unknown, the field is left out with one warning, and none is created'],
  ['7.7', 'Empty in the ERP clears the field in the CRM only if its base was not empty'],
  ['7.8', 'Every record has exactly one outcome, and for every type they add up to the records considered'],

  ['8.1', 'Step 1: preflight'],
  ['8.2', 'Step 2: read the ERP'],
  ['8.3', 'Step 3: read the CRM'],
  [
    '8.4',
    'Step 4: a mapping whose CRM record is really gone is removed, kept for restoring, and never too many at once',
  ],
  ['8.5', 'Step 5: match, after reading and removing, before anything is sent'],
  ['8.6', 'Step 6: employees, clients, contacts are sent, parents before those that refer to them'],
  ['8.7', 'Step 7: projects, one batch or all; project ID, contacts and phases never travel as updates'],
  ['8.8', 'Step 8: Create in CRM: the number is the ERP’s ID or the CRM’s own, read back before the mapping is stored'],
  [
    '8.9',
    'Step 9: CRM changes reach the ERP: new flagged records, from a template; a namesake is an error and a suggestion',
  ],
  ['8.10', 'Step 10: closing with Sync Completed'],

  ['9', 'Owners of fields: ERP wins, CRM wins, shared goes by who changed, create is written once'],

  ['10.1', 'An intent before every create; after a crash or a lost answer the record is looked up and adopted'],
  ['10.2', 'An update is idempotent: same fields, same values, by key'],
  ['10.3', 'Outcome, log line, mapping and base of a record are stored together, after the remote answer'],
  ['10.4', 'Killed at any instant and started again, it ends as if nothing had happened'],
  ['10.5', 'Cancelling takes effect at the next record; what is done stays done and is logged'],

  ['11', 'The log: methods, whole sentences, stable codes, who started a run with which options, and how it ended'],

  ['12', 'Undo puts back what a run wrote where it still stands: reversed, kept, failed, each with its reason'],

  ['13.1', 'A flagged CRM project with one unmapped namesake in the ERP is mapped to it, else an error'],
  ['13.2', 'Unmatched clients, contacts and employees are created in the CRM; ambiguous ones never'],
  ['13.3', 'A fresh pair that agrees takes the agreed values as base, counts as mapped and is not due'],
  ['13.4', 'A fresh pair without base: a value of the ERP is sent, an empty one takes nothing away'],
  ['13.5', 'A CRM change of an ERP-owned field makes the record due; it is put back and told'],
  ['13.6', 'The external key of a pair matched by name travels with its first write and makes nothing due'],
  ['13.7', 'Length is counted after NFC and folding of white space, before case folding; a cut splits no character'],
  ['13.8', 'More batches outrank record errors in how a run ends; what cannot be created is failed'],
  ['13.9', 'A second start on the command line follows the run that is going, with its document and exit status'],
  ['13.10', 'Keys of the CRM are read completely, at least daily; a list that is not complete removes nothing'],
  [
    '13.11',
    'Country names by value map, references never cleared, the firm’s address by its own call, amounts half away from 0',
  ],
  ['13.12', 'Batches are counted per run; every batch has its line, the last one too, and a single one none'],
  ['13.13', 'No match is told once per project; cuts, codes and references once per record and value'],
  ['13.14', 'Create in CRM needs no Sync to CRM and stays as it is in the ERP; the new pair is set to sync'],
  ['13.15', 'A project that has just been closed waits for Sync closed projects too'],
  ['13.16', 'A preview ends as previewed, with exit status 0 and planned outcomes'],
  ['13.17', 'The template is the one named on the CRM project, else the default; its groups and phases are copied'],
  ['13.18', 'Whether the CRM numbers its projects is a setting per connection, found out unless it is given'],
]

/** The numbered rules of sync-rules, in its order. Sections 9, 11 and 12 have no points and are one rule each. */
export const SYNC_RULES: readonly SyncRule[] = RULES.map(([id, inShort]) => ({ id, inShort }))

/** Rules that no test names yet. A rule that gets its test leaves this list: rules-coverage.test.ts holds it to that. */
export const NOT_YET: readonly string[] = []
