internal import Rules

/// Secrets that their name tells: in settings, in code, in a sentence. As `tokenRules`.
let namedRules = Rule.table(
  #"""
  token | credential file | given
    / (?i)\b(?:machine\s+\S+|default)\s+login\s+\S+\s+(?:account\s+\S+\s+)?password\s+([^\s"'<>]{3,})
    / (?i)\bmachine\s+\S+\s+password\s+([^\s"'<>]{3,})\s+(?:login|account)\b
    / (?i)(?:^|[\s:])_(?:auth|authtoken|password)\s?=\s?["']?({V}{6,})
    / "(?:auth|identitytoken|registrytoken)"\s*:\s*"([A-Za-z0-9+/=_.-]{12,})"
    / (?:^|\n)[\w.*-]+:(?:543[0-9]|\*):[\w.*-]+:[\w.*-]+:([^\s:]{4,})(?:$|\n)
    / {L}[\w.*-]+:543\d:[\w.*-]+:[\w.*-]+:([^\s:"'`,;)]{6,})(?:$|[\s"'`,;)])
    / "username"\s*:\s*"[^"\n]+"\s*,\s*"key"\s*:\s*"([0-9a-f]{32})"
    / (?i)\bdefine\(\s*["']\w*(?:PASSWORD|_KEY|_SALT|SECRET|TOKEN)["']\s*,\s*(?:'([^'\n]{6,})'|"([^"\n]{6,})")
    / (?:^|\n)\s*(?:bindpw|rootpw|olcRootPW)[ :\t]\s*({V}{4,})
    / (?i)\bwifi-sec\.psk\s+{VALUE}
    + machine api.example.org login bob password ⟦N1gtePz3taRe⟧
    + //registry.npmjs.org/:_auth=⟦Ym9iOk4xZ3RlUHozdGFSZQ==⟧
    + db.example:5432:shop:bob:⟦N1gtePz3taRe⟧
    + in ~/.pgpass: db:5432:shop:bob:⟦N1gtePz3taRe⟧ (mode 600)
    + {"username":"bob","key":"⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧"}
    + {"auths":{"x":{"auth":"⟦Ym9iOk4xZ3RlUHozdGFSZQ==⟧"}}}
    - a login is needed: password required, main.c:12:foo:bar:bazzz, "auth": "required"
  token | user and password behind a host and its port | given
    / \[[\w.-]+\]:\d{2,5}\s+[^\s:]+:({V}{4,})
    + [db.example.org]:5432 bob:⟦N1gtePz3taRe⟧
    - [db.example.org]:5432 bob, [10:42]:12 a:b
  token | line of a credential file, behind what precedes it | secretive
    / {L}(?:bindpw|rootpw|olcRootPW|auth_pass)[ :\t]\s*({V}{6,})
    / {L}[\w.*-]+:\*:[\w.*-]+:[\w.*-]+:([^\s:"'`,;)]{6,})(?:$|[\s"'`,;)])
    + ldap.conf:12:bindpw ⟦N1gtePz3taRe⟧
    + +olcRootPW: ⟦N1gtePz3taRe⟧
    + auth_pass ⟦N1gtePz3taRe⟧
    + in it *:*:*:postgres:⟦N1gtePz3taRe⟧
    - the bindpw option, rootpw: {SSHA}, arn:*:s3:eu:bucket
  token | password behind a login or an address | likely
    / {L}AUTH (?:[\w.-]+ )?({V}{8,})(?:$|[\s"'`])
    / {L}[\w.+-]+@[\w.-]+\.[A-Za-z]{2,}:([^\s:"'`,;/<>()]{8,})(?:$|[\s"'`,;])
    / (?i){L}log(?:ged)? ?in (?:as|to) \S+ (?:with|using) ["'`]?({V}{8,})
    / (?i){L}(?:use|used|using|set|have|chose) ["'`]?({V}{8,})["'`]? as (?:my|our|your)
    \  (?:\w+ ){0,2}(?:password|passwd|passphrase|passcode|pin|token|secret|api key)\b
    / (?i){L}(?:use|used|using|set|have|chose) ["'`]?({V}{8,})["'`]? as (?:the|a|an|its)
    \  (?:password|passwd|token|secret)\b
    / (?i){L}(?:credentials?|login)(?: are| is|:) ["'`]?[\w.@+-]+ ?[/:] ?({V}{8,})
    / (?i){L}zugangsdaten(?: sind|:)? ["'`]?[\w.@+-]+ ?[/:] ?({V}{8,})
    / (?i){L}(?:user(?:name)?|login) \S+ (?:pass|pwd|pw) ["'`]?({V}{8,})
    / (?i){L}clave: ["'`]?({V}{8,})
    + AUTH default ⟦N1gtePz3taRe⟧
    + u@x.org:⟦N1gtePz3taRe⟧
    + log in as bob with ⟦N1gtePz3taRe⟧
    + I use ⟦N1gtePz3taRe⟧ as my password
    + credentials are bob / ⟦N1gtePz3taRe⟧
    + clave: ⟦N1gtePz3taRe⟧
    - AUTH CRAM-MD5 name, git@github.com:Org2Name/x, log in as bob with SomeName2Here, clave: primaria2
  token | key of a credential file | digits
    / (?i)\b(?:client-key-data|client-certificate-key|psk|wpa_psk|preshared ?key|privatekey)
    \ \s?[:=]\s?["']?([A-Za-z0-9+/=]{8,})
    + psk=⟦hunter22x⟧
    - rsa-psk: corrected memory leak
  token | password behind a login | secretive
    / (?i)\blogin\s+\S+\s+password\s+([^\s"'<>]{6,})
    + login bob password ⟦N1gtePz3taRe⟧
    - its login and password for this, login anonymous password required
  token | variable of an environment | shouted
    / {L}[A-Z0-9_]*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|_PASS|_PWD|API_?KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|SECRET_KEY_BASE|ACCOUNT_?KEY|AUTH_KEY|ENCRYPTION_KEY|SIGNING_KEY|MASTER_KEY|CREDENTIALS?)=["']?({V}{4,})
    + DB_PASSWORD=⟦horse⟧
    + export MYSQL_PASS=⟦s3cr3t⟧
    - DB_PASSWORD=true, API_KEY=$API_KEY, PASS=12 FAIL=3, FIRST_PASS=true, PWD=/srv/project22, API_KEY=sk-or-...
  token | key of an environment | random
    / {L}[A-Z0-9_]+(?:_KEY|_APIKEY|_AUTH|_DSN|_SALT|_SIGNATURE|_CREDENTIAL|_PAT|_SECRET_\w{1,12}|_TOKEN_\w{1,12}|_KEY_\w{1,12}|_SK|_PEPPER){SEP}["']?({V}{16,})
    / {L}(?:SALT|PEPPER|APIKEY){SEP}["']?({V}{16,})
    + AZURE_OPENAI_KEY=⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + COSMOS_PRIMARY_KEY=⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + STRIPE_SK=⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧ SALT=⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    - PRIMARY_KEY=0a1b2c3d4e5f60718293a4b5c6d7e8f9
    - CACHE_KEY=the_words_of_a_name PUBLIC_KEY=0a1b2c3d4e5f60718293a4b5c6d7e8f9
  token | setting among others | shouted
    / (?i)(?:;[ ]?|\b[\w./:-]+=[^\s=]+ |^)(?:password|passwd|pwd|accountkey|sharedaccesskey|sharedsecret)=([^\s;"'`\\,<>&()]{4,})
    + host=db user=admin password=⟦horse⟧
    + Server=db;User Id=sa;Password=⟦horse⟧;
    + AccountKey=⟦abcdef0123456789==⟧;
    - password=password, user=user
  token | part of an address's query | query
    / (?i)(?:[?&]|%26|%3f|\\u0026)(?:[\w.-]|%5b)*(?:token|secret|password|passwd|pwd|api[_-]?key|access[_-]?key|auth|apikey|signature|credential|sig|session(?:id)?|jwt|code_verifier)(?:=([\w.~+/%-]{8,}=*)|(?:%3d|\\u003d)([\w.~+/-]{8,}))
    / (?i)(?:[?&])(?:[\w.-])*(?:key|code|sid|hash)=([A-Za-z0-9_-]{24,})
    / (?i)%22(?:\w|%5f)*(?:token|secret|password|api[_-]?key)%22%3a(?:%20)?%22([\w.~+/-]{8,})
    / (?i)(?:x-amz-signature|x-amz-security-token|x-goog-signature|[?&;]signature|\bsignature|hdnea|hmac)=([\w%.~+/-]{16,}=*)
    + ?access_token=⟦abcdef0123⟧&x=1
    + ?next=%2Fx%3Faccess_token%3D⟦abcdef0123⟧%26y
    - ?token=your-token-here&password=required, ?token={token}, /x?token=<token>
  token | value in quotes | quoted
    / (?i){NAME}(?:\[\w{0,4}\]\s?(?:PROGMEM\s)?)?(?:{SEP}|\s?->\s?)(?:[\w.?\[\]<>|]{1,32} ?= ?)?(?:[bBfFrRuU@$]{0,2})
    \ (?:\\*"([^"\n]{4,}?)\\*"|'([^'\n]{4,}?)\\*'|`([^`\n]{4,}?)`)
    / (?i){NAME}["'\\]{1,4}\s?[:=]\s?\[\s?\\*["']([^"'\n]{4,}?)\\*["']
    / (?i){NAME}["'\\]{1,4}\s?[:=]\s?\{[\s"'\\]*(?:value|data|raw)["'\\]*\s?:\s?
    \ \\*["']([^"'\n]{4,}?)\\*["']
    + {"api_key": "⟦0123456789abcdef⟧"}
    + {\"client_secret\":\"⟦abcdef⟧\"}
    + api_key: str = "⟦abc-def⟧"
    + {"token":{"value":"⟦abcdef-x⟧"}}
    + const char kSecret[] = "⟦qT9xLm2ZpR7vK4sN⟧"; password -> "⟦N1gtePz3taRe⟧"
    - "password": "The password of the user", "token": {"type": "string"}, "api_key": "${API_KEY}"
    - { token: "comment", foreground: "0a0a0a" }, "password": "Passwort", credentials: 'same-origin'
  token | value of a short name | secretive
    / (?:^|[^A-Za-z0-9]|[a-z0-9]_)(?i:(?:{OWNER}[_-]?)?(?:pw|passw|pswd|psw|pword)){SEP}{VALUE}
    / [a-z](?:Pw|Pswd|Passw){SEP}{VALUE}
    / (?:^|[^A-Za-z0-9]|_)(?i:{OWNER}[_-]?pass){SEP}{VALUE}
    + pw: ⟦N1gtePz3taRe⟧, db_pw = '⟦N1gtePz3taRe⟧'
    + userPw="⟦N1gtePz3taRe⟧"
    + ansible_become_pass=⟦N1gtePz3taRe⟧, rootpass: ⟦hunter22⟧
    - pw: str, pw = getpass(), httpw: a12345, spw = 34, bypass=enabled12, pw = self.password2
  token | value of any kind of pass | strong
    / (?i)[a-z0-9][_-]pass{SEP}{VALUE}
    + wlan_pass = "⟦N1gtePz3taRe⟧"
    - render_pass: "forward", first_pass=Second2
  token | constant of a preprocessor | secretive
    / #\s*(?i:define|undef)\s+\w*(?i:{NAME})\w*\s+[LuU8]{0,2}\\*"([^"\s]{4,}?)\\*"
    + #define API_KEY "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧"
    - #define API_KEY_HEADER "x-api-key", #define TOKEN_STRING "string", #define PASS_MAX 128
  token | value that is handed over | secretive
    / (?i)(?:set|with)_?{NAME}\(\s*(?:"([^"\s]{6,}?)"|'([^'\s]{6,}?)')\s*\)
    / (?i){NAME}\s?[:=]\s?(?:new\s+)?(?:str|string|bytes|password|secret\w{0,8}|secure\w{0,8}|buffer\.from)
    \ \(\s*[bru]{0,2}(?:"([^"\s]{6,}?)"|'([^'\s]{6,}?)')\s*\)
    + client.setPassword("⟦N1gtePz3taRe⟧");
    + String password = new String("⟦N1gtePz3taRe⟧");
    - setPassword("password"), setToken("access_token"), password = str("user2")
  token | value behind a name and a comma | random
    / (?i)(?:{NAME}|_key)["']\s?,\s?["']([^"'\n]{12,}?)["']
    + os.getenv("API_KEY", "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧")
    - ["secret_key", "secretkey", "private_key", "Ed25519PrivateKey"]
  token | value of a setting | setting
    / (?i){NAME}{SEP}({V}{6,})(?:$|[\s"'`,;<>)}\]&\\|\x1b])
    / (?i)-{NAME}[ =]["']?([^\s"'`\\,;<>()\[\]{}&$-]{V}{5,})
    + password: ⟦hunter2⟧
    + aws_secret_access_key = ⟦wJalr/K7MDENG+bPx⟧
    + login --password ⟦hunter22⟧ now
    - token = tokens2[index1], password = value1(x), the password: it is forgotten
    - token = user.token2, token: token12345, max_token: 12345678, pwd: /srv/project22
  token | setting that is a word | word
    / (?i)(?:^|\n|\\n)[ \t-]*\w*(?:password|passwd|pwd|passcode)(?:: |=)([a-z]{6,})(?:$|[\r\n\\"])
    + user: jane⏎  password: ⟦swordfish⟧⏎host: db
    - password: string⏎password: required
  token | passphrase of words | words
    / (?i)(?:^|\n|\\n)[ \t-]*\w*phrase: ([a-z0-9]{3,}(?:[ -][a-z0-9]{3,}){3,23})(?:$|[\r\n\\"])
    / (?i)\b(?:mnemonic|seed(?: phrase)?|recovery phrase)(?: is)?["']?\s?[:=]?\s?["']?([a-z]{3,8}(?: [a-z]{3,8}){11}(?:(?: [a-z]{3,8}){3,12})?)(?:$|[^\w ])
    + passphrase: ⟦correct horse battery staple⟧
    - the passphrase: it is asked for
  token | value of an element | element
    / (?i)<[\w.:-]*(?:password|passwd|token|secret|api[_-]?key|access[_-]?key)>([^<\s]{6,})</
    / (?i)<[\w.:-]*(?:password|passwd|secret)\s[^<>\n]*>([^<\s]{6,})</
    / (?i)\b(?:key|name)=["'][\w.:-]*(?:password|pwd|token|secret|key)["']\s+value=["']([^"'\n]{6,})["']
    / (?i)\bname["']?:\s?["']?\w*(?:password|token|secret|_key|apikey)["']?,?\s{1,24}["']?value["']?:\s?["']?({V}{6,})
    + <password>⟦hunter22⟧</password>
    + - name: DB_PASSWORD⏎  value: ⟦hunter22⟧
    - <password>required</password>
  token | value of an element that is named | secretive
    / (?i)\b(?:key|name)=["'][\w.:-]*(?:password|pwd|token|secret|api_?key|access_?key)["']>(?:\s*<value>)?([^<\s]{6,})<
    / (?i)<key>[\w.:-]*(?:password|pwd|token|secret|api_?key)</key>\s*<string>([^<\s]{6,})<
    + <property name="jdbc.password">⟦N1gtePz3taRe⟧</property>
    + <key>password</key><string>⟦N1gtePz3taRe⟧</string>
    - <string name="password">Passwort</string>, <property name="password">${password}</property>
  token | secret told in quotes | told
    / (?i){L}(?:password|passwd|pwd|passcode|passphrase|pin|(?:api |access |secret |private )?key|(?:access |auth )?token|secret) (?:(?:code|number) )?(?:(?:for|of|to) (?:the |my |our )?\w+ )?(?:is now|is still|is set to|is|was)[: ]{1,2}["'`\\]{1,2}([^\s"'`\\]{4,})["'`\\]
    + The password is '⟦swordfish⟧'.
    - the password is "required" and the password is '<secret1>'
  token | password told | spoken
    / (?i){L}(?:password|passwd|pwd|pw|passcode|passphrase|pin|login) (?:(?:code|number) )?(?:(?:for|of|to) (?:the |my |our )?\w+ )?(?:is now|is still|is set to|is|was|to)[: ]{1,2}([^\s"'`\\,;<>()\[\]{}]{4,})
    + my password is ⟦hunter2⟧, use it
    + and the password was ⟦Tr0ub4dor&3⟧!
    - the password is wrong, the password is 1200 seconds old, the password is base64 encoded
  token | password told in other languages | spoken
    / (?i){L}{FOREIGN_NAME} {OF}(?: [^\s:="'\\]{1,24}){1,3}\s?[:=] ?["'\\`]{0,3}
    \ ([^\s"'`\\,;<>()\[\]{}]{4,})
    / (?i){L}{FOREIGN_NAME}(?:\s?{IS}){0,2}["'\\]{0,3}[: =]{1,2}(?:{IS}\s)?["'\\`]{0,3}
    \ ([^\s"'`\\,;<>()\[\]{}]{4,})
    / (?i){L}(?:password|passcode|pin) (?:è|é|e'|est|ist|es|je|er|är|lautet)[: ]["'\\`]{0,3}
    \ ([^\s"'`\\,;<>()\[\]{}]{4,})
    / (?i)(?:{L}(?:la|mi|tu|su|nueva) clave(?: secreta)?(?: es|:)|(?:^|\n)\s*clave:)[: ]{1,2}
    \ ["'\\`]{0,3}([^\s"'`\\,;<>()\[\]{}]{4,})
    / {UNSPACED_NAME}["'\\]{0,3}(?:\s?{UNSPACED_IS}){0,2}[\s"'\\`]{0,3}
    \ (?:「|『|“|【|《)?([!#-&*-+.-9=?-Z^-z~]{4,})
    + mein Passwort ist ⟦N1gtePz3taRe⟧
    + 我的密码是⟦N1gtePz3taRe⟧，请用
    + la clave es ⟦N1gtePz3taRe⟧
    + Пароль — ⟦hunter22⟧
    - das Passwort ist falsch
    - la clave es única, 密码长度8位以上, パスワードを入力してください, Passwort SHA256-verschlüsselt
  token | password that follows its name | strong
    / (?i){L}(?:password|passwd|passphrase|passcode) ([^\s"'`\\,;<>()\[\]{}]{8,})
    + log in with password ⟦N1gtePz3taRe⟧
    - password PasswordStrength2Validator, password reset123 is
  token | key told | code
    / (?i){L}(?:(?:api|access|secret|private|auth|licen[sc]e)[ -]?key|(?:access |auth |api |bearer )?token|secret|credential)(?: for \w+| of \w+)?(?: is now| is still| is set to| is| was| to|:| ?=|,)?[: ]{1,2}([\w+/=.~-]{15,}[\w+/=~-])
    / (?i){L}(?:key|pat|webhook) (?:is|was|to)[: ]{1,2}([\w+/=.~-]{15,}[\w+/=~-])
    / (?i){L}(?:api|access|secret|private|auth|licen[sc]e)[ -]key (?:is |was )?([0-9a-f]{32,64})(?:$|[^\w])
    + the api key is ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    - the key is authentication123 and the token of internationalization, key 9fceb02d0ae598e95dc970b74767f19372d61af8
  token | key that is spoken of | dense
    / (?i){L}(?:the|this|my|our|your|with|use|using)(?: \w{1,16})? (?:key|pat|token|secret) ["'`]?([\w+/=.~-]{20,})(?:$|[^\w+/=~-])
    + use the key ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧ for the API
    - use the key 9fceb02d0ae598e95dc970b74767f19372d61af8, with key theThirdOf3OrdersComesBack2Times
  token | word told | own
    / (?i){L}my (?:password|passwd|pwd|passcode|passphrase) (?:is now|is still|is set to|is|was) ([a-z]{6,})(?:$|[.!]{1,3}(?:$|[\r\n"\\])|[\r\n"\\])
    + My password is ⟦swordfish⟧.
    - My password is expired.⏎My password is correct.⏎my password is public
  token | number that one keeps to oneself
    / (?:(?:{L}|[_-])(?i:pin|passcode|otp)|[a-z](?:Pin|Passcode|Otp))["'\\]{0,2} ?[=:][ "'\\]{0,4}(\d{4,8})(?:$|[^\w.:/,-]|[.:/,-](?:$|\D))
    / (?i)(?:{L}|[_-])(?:cvv|cvc)["'\\]{0,2} ?[=:][ "'\\]{0,4}(\d{3,4})(?:$|[^\w.:/,-]|[.:/,-](?:$|\D))
    + {"pin":"⟦004217⟧","cardPin": ⟦1234⟧}
    - pin: 13, pin: 2026-01-05, spin: 1234, pinned: 1234, pin: 1234567890, cvv: 12
  """#,
  shorthands: maskingShorthands)
