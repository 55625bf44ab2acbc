internal import Rules

/// Numbers that states give to persons: by their form where nothing else has it, else behind their name.
/// Each has its check digits. As `secretRules`.
let nationalRules = Rule.table(
  #"""
  national_id | Brazil | cpf
    / {BEFORE_ID}(\d{3}\.\d{3}\.\d{3}-\d{2}){AFTER_ID}
    + cpf ⟦450.749.528-83⟧
    - cpf 450.749.528-80
  national_id | Brazil, behind its name | cpf
    / (?i)(?:^|[^a-z])cpf{SAYS}(\d{11}){AFTER_ID}
    + CPF: ⟦36084852955⟧
    - CPF: 36084852950
  national_id | residents of China | chinese
    / {BEFORE_ID}(\d{17}[\dXx]){AFTER_ID}
    + id ⟦110105196402241801⟧
    - id 110105196402241800
  national_id | Spain | dni
    / {BEFORE_ID}([XYZ\d]\d{7}[A-Z]){AFTER_ID}
    + dni ⟦56812610B⟧
    - dni 56812611B
  national_id | insured persons of the United Kingdom | nino
    / {BEFORE_ID}([A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z](?:\d{6}|[ ]\d{2} \d{2} \d{2} )[A-D]){AFTER_ID}
    + ⟦AB123456C⟧
    - DQ123456C, GB123456C
  national_id | India | aadhaar
    / {BEFORE_ID}([2-9]\d{3} \d{4} \d{4}){AFTER_ID}
    + uid ⟦6413 0693 0224⟧
    - uid 6413 0693 0220
  national_id | India, behind its name | aadhaar
    / (?i)(?:^|[^a-z])(?:aadhaar|aadhar|uidai|आधार){SAYS}([2-9]\d{3}[ -]?\d{4}[ -]?\d{4}){AFTER_ID}
    + Aadhaar no. ⟦485664238505⟧
    - Aadhaar no. 485664238500
  national_id | France | nir
    / {BEFORE_ID}([12]\d{4}(?:\d{2}|2[AB])\d{8}|[12] \d{2} \d{2} (?:\d{2}|2[AB]) \d{3} \d{3} \d{2}){AFTER_ID}
    + nir ⟦164114538886947⟧
    - nir 164114538886940
  national_id | Canada | sin
    / {BEFORE_ID}([1-9]\d{2}-\d{3}-\d{3}){AFTER_ID}
    + sin ⟦562-277-749⟧
    - sin 562-277-740
  national_id | Canada, behind its name | sin
    / (?i)(?:^|[^a-z])(?:sin|social insurance){SAYS}([1-9]\d{2}[ -]?\d{3}[ -]?\d{3}){AFTER_ID}
    + SIN: ⟦561279456⟧
    - SIN: 561279450
  national_id | Switzerland | ahv
    / {BEFORE_ID}(756\.\d{4}\.\d{4}\.\d{2}|756\d{10}){AFTER_ID}
    + AHV ⟦756.0865.9820.93⟧
    - AHV 756.0865.9820.90
  national_id | Italy | codice_fiscale
    / {BEFORE_ID}([A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z]){AFTER_ID}
    + CF ⟦RSSMRA71D04H501I⟧
    - CF RSSMRA71D04H500I
  national_id | Mexico | curp
    / {BEFORE_ID}([A-Z]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d){AFTER_ID}
    + CURP ⟦BOXW650621HDFLRN01⟧
    - CURP BOXW650621HDFLRN00
  national_id | Finland | hetu
    / {BEFORE_ID}(\d{6}[-+A]\d{3}[0-9A-FHJ-NPR-Y]){AFTER_ID}
    + hetu ⟦111194-251A⟧
    - hetu 111194-250A
  national_id | Belgium | registre
    / {BEFORE_ID}(\d{2}\.\d{2}\.\d{2}-\d{3}\.\d{2}){AFTER_ID}
    + nn ⟦71.05.01-473.53⟧
    - nn 71.05.01-473.50
  national_id | Belgium, behind its name | registre
    / (?i)(?:^|[^a-z])(?:rijksregister|registre national|national register|insz|niss){SAYS}(\d{11}){AFTER_ID}
    + rijksregisternummer ⟦90032846326⟧
    - rijksregisternummer 90032846320
  national_id | Sweden | personnummer
    / {BEFORE_ID}((?:19)?[3-9]\d{5}[-+](?:2[4-9]\d\d|[3-9]\d{3}|[0-2]\d[6-9]\d)){AFTER_ID}
    + född ⟦850913-3628⟧
    - 850913-3628 43962109221, född 850913-3620, build 20260507-1170 and 260507-1170
  national_id | Sweden, behind its name | personnummer
    / (?i)(?:^|[^a-z])(?:personnummer|personnr|person number|samordningsnummer|pnr){SAYS}((?:\d{2})?\d{6}[-+]?\d{4}){AFTER_ID}
    + personnummer: ⟦811014-3495⟧
    - personnummer: 811014-3490
  national_id | Norway | norwegian
    / {BEFORE_ID}(\d{6} \d{5}){AFTER_ID}
    + nr ⟦130896 14990⟧
    - nr 130896 14991
  national_id | Norway, behind its name | norwegian
    / (?i)(?:^|[^a-z])(?:f(?:ø|oe|o)dselsnummer|personnummer|fnr|d-nummer){SAYS}(\d{11}){AFTER_ID}
    + fnr=⟦26037343004⟧
    - fnr=26037343000
  national_id | Iceland, behind its name | kennitala
    / (?i)(?:^|[^a-z])(?:kennital(?:a|an|u)|kt){SAYS}(\d{6}-?\d{3}[089]){AFTER_ID}
    + kt. ⟦121289-2969⟧
    - kt. 121289-2961
  national_id | Denmark, behind its name | cpr
    / (?i)(?:^|[^a-z])cpr{SAYS}(\d{6}-?\d{4}){AFTER_ID}
    + CPR-nr. ⟦070295-4548⟧
    - CPR-nr. 071395-4548
  national_id | Latvia, behind its name | latvian
    / (?i)(?:^|[^a-z])(?:personas kod(?:s|a|u)|pers\.? ?kods){SAYS}(\d{6}-?\d{5}){AFTER_ID}
    + personas kods ⟦261175-18563⟧
    - personas kods 261175-18560
  national_id | Estonia and Lithuania, behind its name | estonian
    / (?i)(?:^|[^a-z])(?:isikukood|asmens kod(?:as|o)){SAYS}(\d{11}){AFTER_ID}
    + isikukood: ⟦38209257956⟧
    - isikukood: 38209257950
  national_id | the Czech Republic and Slovakia, behind its name | rodne
    / (?i)(?:^|[^a-z])(?:rodn(?:é|e)[ _]?(?:č|c)(?:í|i)slo|rodn(?:é|e)ho[ _]?(?:č|c)(?:í|i)sla|birth[ _]?number|rč|r\.č\.){SAYS}(\d{6}/?\d{4}){AFTER_ID}
    + rodné číslo: ⟦670906/6419⟧
    - rodné číslo: 670906/6410
  national_id | Poland, behind its name | pesel
    / (?i)(?:^|[^a-z])pesel{SAYS}(\d{11}){AFTER_ID}
    + PESEL: ⟦94011067745⟧
    - PESEL: 94011067740
  national_id | the Netherlands, behind its name | bsn
    / (?i)(?:^|[^a-z])(?:bsn|burgerservicenummer|sofi(?:nummer)?){SAYS}(\d{8,9}|\d{4}\.\d{2}\.\d{3}){AFTER_ID}
    + BSN ⟦480372135⟧
    - BSN 480372130
  national_id | Germany, behind its name | steuer
    / (?i)(?:^|[^a-z])(?:steuer-?(?:id|identifikationsnummer|idnr)|steuerliche identifikationsnummer|idnr){SAYS}(\d{2} ?\d{3} ?\d{3} ?\d{3}){AFTER_ID}
    + Steuer-ID: ⟦26 694 630 182⟧
    - Steuer-ID: 26 694 630 180
  national_id | Austria, behind its name | svnr
    / (?i)(?:^|[^a-z])(?:sozialversicherungs(?:nummer|nr)|svnr|sv-nr){SAYS}(\d{4} ?\d{6}){AFTER_ID}
    + SVNR ⟦4339 070866⟧
    - SVNR 4339 070860
  national_id | Portugal, behind its name | nif
    / (?i)(?:^|[^a-z])(?:nif|contribuinte){SAYS}(\d{3} ?\d{3} ?\d{3}){AFTER_ID}
    + NIF: ⟦265359384⟧
    - NIF: 265359380
  national_id | Croatia, behind its name | oib
    / (?i)(?:^|[^a-z])oib{SAYS}(\d{11}){AFTER_ID}
    + OIB: ⟦06867509729⟧
    - OIB: 06867509720
  national_id | states that were Yugoslavia, behind its name | jmbg
    / (?i)(?:^|[^a-z])(?:jmbg|em(?:š|Š|s)o|јмбг|ЈМБГ|ембг|ЕМБГ){SAYS}(\d{13}){AFTER_ID}
    + JMBG: ⟦1406963287348⟧
    - JMBG: 1406963287340
  national_id | Romania, behind its name | cnp
    / (?i)(?:^|[^a-z])(?:cnp|cod(?:ul)? numeric personal){SAYS}(\d{13}){AFTER_ID}
    + CNP: ⟦1861013401111⟧
    - CNP: 1861013401110
  national_id | Bulgaria, behind its name | egn
    / (?i)(?:^|[^a-z])(?:egn|егн|ЕГН){SAYS}(\d{10}){AFTER_ID}
    + EGN: ⟦7911123419⟧
    - EGN: 7911123410
  national_id | Greece, behind its name | amka
    / (?i)(?:^|[^a-z])(?:amka|αμκα|ΑΜΚΑ){SAYS}(\d{11}){AFTER_ID}
    + ΑΜΚΑ: ⟦03039772441⟧
    - ΑΜΚΑ: 03039772440
  national_id | Turkey, behind its name | tckn
    / (?i)(?:^|[^a-z])(?:t\.?c\.? ?kimlik|kimlik|tckn){SAYS}(\d{11}){AFTER_ID}
    + TC kimlik no: ⟦94483406558⟧
    - TC kimlik no: 94483406550
  national_id | Israel, behind its name | teudat
    / (?i)(?:^|[^a-z])(?:teudat[ _]zehut|mispar[ _]zehut|ת\.ז\.|תעודת זהות){SAYS}(\d{9}){AFTER_ID}
    + teudat zehut: ⟦565183787⟧
    - teudat zehut: 565183780
  national_id | health service of England, behind its name | nhs
    / (?i)(?:^|[^a-z])nhs{SAYS}(\d{3}[ -]?\d{3}[ -]?\d{4}){AFTER_ID}
    + NHS number ⟦511 161 5458⟧
    - NHS number 511 161 5450
  national_id | Ireland, behind its name | pps
    / (?i)(?:^|[^a-z])(?:ppsn?|personal public service){SAYS}(\d{7}[A-W][A-IW]?){AFTER_ID}
    + PPS number: ⟦3918682A⟧
    - PPS number: 3918680A
  national_id | insured persons of Russia | snils
    / {BEFORE_ID}(\d{3}-\d{3}-\d{3} \d{2}){AFTER_ID}
    + СНИЛС ⟦066-376-757 03⟧
    - СНИЛС 066-376-757 00
  national_id | taxpayers of Russia, behind its name | inn
    / (?i)(?:^|[^a-z])(?:инн|ИНН|inn){SAYS}(\d{12}){AFTER_ID}
    + ИНН: ⟦554656832164⟧
    - ИНН: 554656832160
  national_id | Argentina | cuit
    / {BEFORE_ID}(\d{2}-\d{8}-\d){AFTER_ID}
    + CUIL ⟦20-91801662-8⟧
    - CUIL 20-91801662-0
  national_id | Chile | rut
    / {BEFORE_ID}(\d{1,2}\.\d{3}\.\d{3}-[\dkK]){AFTER_ID}
    + RUT ⟦99.648.462-9⟧
    - RUT 99.648.462-0
  national_id | South Africa, behind its name | south_african
    / (?i)(?:^|[^a-z])(?:(?:sa|south african|identity|id)[ _-]?(?:id|number|no|document)){SAYS}(\d{13}){AFTER_ID}
    + SA ID: ⟦8001181974080⟧
    - SA ID: 8001181974081
  national_id | Australia, behind its name | tfn
    / (?i)(?:^|[^a-z])(?:tfn|tax file){SAYS}(\d{3} ?\d{3} ?\d{3}){AFTER_ID}
    + TFN: ⟦521 439 653⟧
    - TFN: 521 439 650
  national_id | South Korea | rrn
    / {BEFORE_ID}(\d{6}-[1-8]\d{6}){AFTER_ID}
    + 주민등록번호 ⟦730827-1720751⟧
    - 주민등록번호 730827-1720750
  national_id | Japan, behind its name | mynumber
    / (?i)(?:^|[^a-z])(?:my ?number|マイナンバー|個人番号){SAYS}(\d{4}[ -]?\d{4}[ -]?\d{4}){AFTER_ID}
    + 個人番号: ⟦861913874906⟧
    - 個人番号: 861913874900
  national_id | Singapore | nric
    / {BEFORE_ID}([STFGM]\d{7}[A-Z]){AFTER_ID}
    + NRIC ⟦T0027086A⟧
    - NRIC T0027080A
  national_id | Hong Kong | hkid
    / {BEFORE_ID}([A-Z]{1,2}\d{6}\([\dA]\)){AFTER_ID}
    + HKID ⟦G512544(7)⟧
    - HKID G512544(0)
  national_id | Taiwan, behind its name | taiwanese
    / (?i)(?:^|[^a-z])(?:national id|身分證(?:字號)?|統一編號){SAYS}([A-Z][12]\d{8}){AFTER_ID}
    + 身分證字號 ⟦N182753037⟧
    - 身分證字號 N182753030
  national_id | Thailand | thai
    / {BEFORE_ID}(\d-\d{4}-\d{5}-\d{2}-\d){AFTER_ID}
    + id ⟦1-6289-14947-87-7⟧
    - id 1-6289-14947-87-0
  """#,
  shorthands: maskingShorthands)
