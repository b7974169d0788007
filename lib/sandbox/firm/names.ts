/** Word lists of the made-up firm. No person and no client of these names is meant; e-mail addresses end in `.example`. */
const lines = (text: string): readonly string[] =>
  text
    .trim()
    .split(/[\n|]/)
    .map((word) => word.trim())
    .filter((word) => word !== '')

export const FIRST_NAMES = lines(`
  Amelia|Noah|Priya|Marcus|Elena|Tobias|Grace|Hiroshi|Fatima|Lucas|Chloé|Samuel|Ingrid|Andre|Maya|Oscar|Beatriz|Theo
  Nadia|Julian|Renée|Isaac|Leila|Peter|Hannah|Rafael|Simone|Victor|Aisha|Owen|Camille|Jorge|Freya|Daniel|Zoë|Malik
  Rosa|Ethan|Anneliese|Kofi|Marta|Wesley|Yuki|Diana|Felix|Sofía|Bruno|Clara|Emmanuel|Nora|Vikram|Judith|Søren|Tessa
  Gabriel|Mei|Alan|Katarzyna|Joaquín|Ruth|Darnell|Agnès|Stefan|Lydia|Omar|Harriet|Niall|Paula|Terrence|Wanda
`)

export const LAST_NAMES = lines(`
  Okafor|Lindqvist|Nguyễn|O'Brien|García|Marchetti|Whitfield|Tanaka|Al-Sayed|Petrov|Dubois|Hargrove|Müller|Castellano
  Ferreira|Kowalczyk|Bennett|Ramaswamy|D'Angelo|Sørensen|Achterberg|Mbeki|Delacroix|Fitzgerald|Ibarra|Nakamura|Rosenthal
  Van der Berg|Yoon|Zimmerman|Abernathy|Beaumont|Calloway|Drummond|Eastwood|Fairbanks|Goldstein|Holloway|Ingram
  Jankowski|Kirkpatrick|Lombardi|McAllister|Nordstrom|Osborne|Pellegrini|Quintero|Rutherford|Svensson|Thornbury
  Underhill|Vasquez|Weatherby|Xiong|Yamamoto|Zapata|Ashworth|Björklund|Cervantes|Demir|Engström|Fontaine|Grünwald
  Hassan|Ivanova|Jørgensen|Kaminski|Laurent|Montoya|Novák|Oyelaran|Papadopoulos|Reyes|Strömberg|Tremblay|Uchida
`)

export const MIDDLE_NAMES = lines('A.|B.|C.|D.|E.|J.|L.|M.|R.|S.|T.|Anne|James|Lee|Marie|Ray')

export const TITLES = lines(`
  Principal|Associate Principal|Senior Project Manager|Project Manager|Project Architect|Senior Architect|Architect
  Structural Engineer|Mechanical Engineer|Electrical Engineer|Civil Engineer|Landscape Architect|Interior Designer
  BIM Manager|Specifications Writer|Construction Administrator|Job Captain|Designer II|Designer I|Marketing Coordinator
  Project Accountant|Sustainability Consultant|Planner|Drafter
`)

export const CONTACT_TITLES = lines(`
  Director of Facilities|Facilities Manager|Owner's Representative|Superintendent|Chief Financial Officer|City Engineer
  Public Works Director|Development Manager|Vice President, Real Estate|Capital Projects Manager|Procurement Officer
  Accounts Payable|Project Executive|Campus Architect|Board Chair|County Administrator|Head Librarian|Plant Manager
`)

export const PLACES = lines(`
  Riverside|Cedar Hollow|Port Ellery|Maple Ridge|Eastbrook|Harbor Point|Stonegate|Willow Creek|Fairhaven|Lakeshore
  North Pine|Oak Valley|Silver Falls|Brookfield|Westmoor|Granite Bay|Summit View|Clearwater|Foxglove|Mill River
  Peñasco|Cañon Vista|São Miguel|Côte-des-Neiges|Zürich Heights|St. Brigid's|O'Hara|Queen Anne's|Prairie Rose|Ironwood
  Bluewater|Thornhill|Ashgrove|Kingsley|Larkspur|Meadowbrook|Palmetto|Redstone|Sable Point|Tidewater|Union Square
  Vista del Sol|Wolf Run|Yarrow|Alder Street|Birch Bay|Copper Canyon|Driftwood|Elk Meadow|Falcon Ridge|Glenwood
  Hemlock|Juniper|Kestrel|Lantern Hill|Magnolia|Nighthawk|Orchard Park|Quarry Lane|Rosewood|Sycamore|Trillium
`)

export const BUILDINGS = lines(`
  Middle School|Elementary School|High School|Community College|Science Hall|Library|Courthouse|City Hall|Fire Station
  Police Headquarters|Medical Center|Outpatient Clinic|Cancer Center|Children's Hospital|Research Laboratory
  Arts & Sciences Building|Student Union|Residence Hall|Ferry Terminal|Transit Center|Bus Depot|Airport Concourse
  Water Treatment Plant|Pump Station|Wastewater Facility|Aquatic Center|Recreation Center|Botanical Garden
  Performing Arts Center|Museum|Visitor Center|Office Tower|Bank & Trust Headquarters|Mixed-Use Block|Apartments
  Senior Living Community|Hotel|Conference Center|Brewery|Food Bank|Animal Shelter|Distribution Center|Data Center
  Church|Synagogue|Islamic Center|Veterans Home|Bridge|Parking Structure|Pedestrian Plaza|Theater|Market Hall
`)

export const WORKS = lines(`
  Addition|Renovation|Modernization|Expansion|Seismic Upgrade|Roof Replacement|Master Plan|Tenant Improvement
  Feasibility Study|HVAC Replacement|ADA Upgrades|Restoration|Facade Repair|Interior Fit-Out|Site Improvements
  Structural Assessment|Lighting Retrofit|Replacement|Programming|Wayfinding|Energy Audit|Code Review|Lobby Refresh
`)

export const QUALIFIERS = lines(`
  Phase 2 Mechanical, Electrical & Plumbing|Phase 1 Schematic Design|Design-Build Bridging Documents|Bid Package 3
  Construction Administration Services|Conceptual Design & Cost Model|Peer Review|Commissioning Support
  North Wing and Loading Dock|South Campus Utilities|Existing Conditions Survey|Hazardous Materials Abatement
  LEED Documentation|Furniture, Fixtures & Equipment|On-Call Task Order 7|As-Built Drawings and Closeout
`)

export const CITIES: readonly (readonly [city: string, state: string, zip: string])[] = [
  ['Tacoma', 'WA', '98402'],
  ['Spokane', 'WA', '99201'],
  ['Portland', 'OR', '97205'],
  ['Boise', 'ID', '83702'],
  ['Sacramento', 'CA', '95814'],
  ['San José', 'CA', '95113'],
  ['Reno', 'NV', '89501'],
  ['Denver', 'CO', '80202'],
  ['Albuquerque', 'NM', '87102'],
  ['Minneapolis', 'MN', '55401'],
  ['Milwaukee', 'WI', '53202'],
  ['Columbus', 'OH', '43215'],
  ['Pittsburgh', 'PA', '15222'],
  ['Providence', 'RI', '02903'],
  ['Portland', 'ME', '04101'],
  ['Baltimore', 'MD', '21202'],
  ['Raleigh', 'NC', '27601'],
  ['Savannah', 'GA', '31401'],
  ['Nashville', 'TN', '37203'],
  ['Coeur d’Alene', 'ID', '83814'],
]

export const STREETS = lines(`
  Alder Street|Main Street|Harbor Lane|Fourth Avenue|Pioneer Way|Commerce Boulevard|University Drive|Canal Street
  Mission Road|Franklin Avenue|Depot Street|Union Pacific Plaza|Market Street|Garden Court|Summit Avenue
`)

export const SURNAMED_FIRMS = lines(`
  Development Partners|Properties LLC|Real Estate Group|Builders, Inc.|Family Foundation|Brewing Company|Hospitality
  Logistics|Biosciences|Capital|Construction Co.|Engineers PLLC|Surveying|Hotels & Resorts|Energy
`)

export const PUBLIC_FIRMS: readonly (readonly [pattern: string, type: string])[] = [
  ['City of *', 'Public Agency'],
  ['* County', 'Public Agency'],
  ['* Unified School District', 'Education'],
  ['* School District No. #', 'Education'],
  ['* State University', 'Education'],
  ['* Community College District', 'Education'],
  ['* Regional Medical Center', 'Healthcare'],
  ['* Health Partners', 'Healthcare'],
  ['Port of *', 'Public Agency'],
  ['* Water & Sewer District', 'Utility'],
  ['* Public Utility District #', 'Utility'],
  ['* Housing Authority', 'Public Agency'],
  ['* Park & Recreation Board', 'Public Agency'],
  ['* Arts Council', 'Non-Profit'],
  ['Diocese of *', 'Religious'],
]

export const NOTES = lines(`
  Owner prefers progress drawings every second Friday.
  Invoice by the 5th; attach the signed task order.
  Retainage released at substantial completion.
  Geotechnical report expected from the owner's consultant.
  Permit comments returned; responses in progress.
  Additional services pending approval: acoustics & lighting.
  Change order 2 approved by the board.
  Keep the café open during construction.
`)

export const PHASE_NAMES = lines(
  'Pre-Design|Schematic Design|Design Development|Construction Documents|Bidding & Negotiation|Construction Administration',
)
