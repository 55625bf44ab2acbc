internal import Rules

/// Personal data: what tells of people, but for the numbers of most states. As `secretRules`.
let personalRules = Rule.table(
  #"""
  home | home directory
    / (?:^|[^\w]|{COLOUR}|-[A-Za-z]|\\[nrt])((?:/mnt)?/[A-Za-z]/[Uu]sers/{HOME}|(?:/export|/var|/usr)?/(?:home|Users)/{HOME})
    / (?:^|[^\w?.\x80-\xff]|-[A-Za-z]|\\[nrt])(/root)(?:$|[^\w.-]|\.(?:$|[^\w-]))
    / (?i)(?:^|[^\w\x80-\xff]|\\[nrt])([a-z]:[\\/]{1,4}users[\\/]{1,4}{HOME}(?: {HOME})*)[\\/]
    / (?i)(?:^|[^\w\x80-\xff]|\\[nrt])([a-z]:[\\/]{1,4}users[\\/]{1,4}{HOME})
    / [/\\](-(?:home|Users)-[\w\x80-\xff]+)
    + open ⟦/home/jane⟧/src/main.c
    + ⟦C:/Users/Jane Doe⟧/x
    + .claude/projects/⟦-Users-jane⟧-code
    + ls ⟦/root⟧/.ssh
    - https://example.org/home/page, ~/x, /home/$USER, /rooted and x/root.txt
  email | address of a person | email
    / {L}([\w.%+'\x80-\xff-]+@[A-Za-z0-9\x80-\xff-]+(?:\.[A-Za-z0-9\x80-\xff-]+)*\.[A-Za-z\x80-\xff]{2,})(?:$|[^\w(\x80-\xff]|\()
    / {L}([\w.+-]{1,64}%40[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,})(?:$|[^\w(])
    + ?email=⟦jane%40example.org⟧&x=1
    + ?next=%2Fx%3Femail%3D⟦jane%40example.org⟧%26y
    + "email": "⟦jane@example.rocks⟧"
    - hg@bitbucket.org:o/r, aur@aur.archlinux.org:x.git, SELECT * FROM emp@remote.world
    + write to ⟦jane.doe+x@mail.example.co.uk⟧.
    - x@git+https://a.example/o/r@feature.branch, memcpy@plt.got, app@sha256.digest, view@app.route
    - git@github.com:org/repo.git, logo@2x.png, this@MainActivity.finish(), create-app@latest.tgz
    - getty@tty1.service, react@18.2.0 @types/node user@localhost, patches/photon-node@0.3.4.patch
  card | number of a payment card | card
    / (?:^|[^\w.+-]|{COLOUR}|\\[nrt])(\d{4}(?: \d{4}){3}|\d{4}(?:-\d{4}){3}|\d{4}[ -]\d{6}[ -]\d{4,5}|\d{13,19})(?:$|[^\w.]|\.(?:$|\D))
    + visa ⟦4111 1111 1111 1111⟧
    - 4111111111111112, 1234567812345670, 0.4111111111111111
    - 5527 4111 1111 1111 1111 5290
  iban | number of a bank account | iban
    / {L}([A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?)
    + ⟦DE89370400440532013000⟧
    + ⟦PK36 SCBL 0000 0011 2345 6702⟧ END, ⟦GE29NB0000000101904917⟧
    - DE89370400440532013001, DE8937040044053201300
  national_id | social security number | ssn
    / (?:^|[^\w.-]|{COLOUR})(\d{3}-\d{2}-\d{4})(?:$|[^\w-]|-(?:$|\D))
    / (?i)(?:\bssn|\bsocial security(?: number)?)[ "'\\:=#]{1,5}(\d{3} \d{2} \d{4}|\d{9})(?:$|[^\w-])
    + ssn ⟦123-45-6789⟧
    - 000-45-6789, 666-45-6789, 900-45-6789, id 123456789
  """#,
  shorthands: maskingShorthands)

/// Where machines are, and how to call people. As `secretRules`.
let addressRules = Rule.table(
  #"""
  ip | address of version 6 | ipv6
    / (?i)(?:^|[^\w:]|{COLOUR}|\\[nrt])([23f][0-9a-f]{3}(?::{1,2}[0-9a-f]{1,4}){1,7}(?:::)?)(?:$|[^\w:])
    / (?i)(?:^|[^\w:]|{COLOUR})(::ffff:(?:\d{1,3}\.){3}\d{1,3})(?:$|[^\w.])
    + from ⟦2001:db8::8a2e:370:7334⟧ on
    - dead::beef, d3::add, f64::consts, 12:34:56:78
  ip | address of version 4 | ipv4
    / (?:^|[^\w.-]|{COLOUR}|\\[nrt]|\[IP\]-)((?:\d{1,3}\.){3}\d{1,3})(?:$|[^\w.]|\.(?:$|\D))
    + at ⟦192.168.10.254⟧:8080
    - version 10.0.0.1, v10.20.30.40, tool==10.20.30.40, 127.0.0.1, 0.0.0.0, netmask 255.255.255.0
    - node: update V8 to 10.8.168.20 (server)
    - XIAllowEvents@Base 2:1.6.99.1
    - upgrade foo from 4.17.20.1 to 4.17.21.2, AssemblyVersion("1.0.0.0"), 1.2.3.4.5, 300.1.1.1
    - // 22.2.1.4 specialisations [23.2.2.1], per 17.4.4.4 and ObjectIdentifier("2.5.29.15"), >= 224.0.0.0
  phone | number with a country's code | world
    / (?:^|[^\w./+-]|{COLOUR}|\\[nrt])(\+[1-9]\d*(?:[ .()/-]{1,2}\d+)*)
    / (?:^|[^\w./+-]|{COLOUR})(00[1-9]\d{0,3}(?:[ .()/-]{1,2}\d+)+)(?:$|[^\w])
    + call ⟦+49 (0)30 1234-5678⟧ today
    + ⟦+14155552671⟧ or ⟦0049 30 1234567⟧.
    - x = +12345678, seek +10000000 bytes, +1234567890 + 5, +1234567 -7654321, 0069 0307 0301
    - let x = +12345678901;
    - offset +4915112345 and +4915112345 bytes, <main+4915112345>
  phone | number that is announced | announced
    / (?i)\b(?:(?:tele)?phone|tel|telefon|mobile|fax|whatsapp)(?: (?:number|no|nr|is|at|on|me|us))*[ :.=#"']{1,4}(\(?\d[\d ./()-]{5,20}\d)(?:$|[^\w])
    / (?i)\b(?:call|dial|cell|sms|mobil|handy)(?: (?:number|no|nr|is|at|on|me|us))*[ :.=#"']{1,4}(\(?\d+[ ./()-]{1,2}\d[\d ./()-]{3,16}\d|0\d{6,14})(?:$|[^\w])
    + Tel.: ⟦12345678⟧, phone number is ⟦555 1234⟧
    - call 1767225600 and calls 1234567, call 2026-01-05, order number 12345678
  phone | number of North America | american
    / (?:^|[^\w./+-]|{COLOUR}|\\[nrt])((?:1[- .])?(?:\([2-9]\d\d\)[ -]?[2-9]\d\d[- .]\d{4}|[2-9]\d\d-[2-9]\d\d-\d{4}|[2-9]\d\d\.[2-9]\d\d\.\d{4}|[2-9]\d\d [2-9]\d\d \d{4}))(?:$|[^\w])
    + ⟦415-555-2671⟧, ⟦(415) 555-2671⟧
    - version 212-555-0123-rc1
    - 115-555-2671 and 415-155-2671, 800 555 3000 rows
  phone | number of North America with its area in brackets
    / (?:^|[^\w.)/+-]|{COLOUR}|\\[nrt])(\([2-9]\d\d\) ?\d{3}-\d{4})(?:$|[^\w-])
    + or ⟦(555) 123-4567⟧.
    - f(555) 123-4567, (155) 123-4567, (555) 123-45678
  phone | number with a leading zero | leading
    / (?:^|[^\w./+-]|{COLOUR}|\\[nrt])(0[1-9](?: \d\d){4}|0[1-9](?:\.\d\d){4}|0[1-9]\d \d{4} \d{4}|0[1-9]\d\d \d{3} \d{4}|0[1-9]\d{3} \d{6}|0[1-9]\d\d[ /-]\d{6,8}|0[1-9]\d[ /]\d{7,8})(?:$|[^\w.:/-]|[.:/-](?:$|\D))
    + ⟦0171 1234567⟧ or ⟦020 7946 0958⟧
    - 0644 1234567 and 0755 12345678 and 08 09 10 11 12
  """#,
  shorthands: maskingShorthands)
