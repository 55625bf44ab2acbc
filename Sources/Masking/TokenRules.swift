internal import Rules

/// Keys and tokens that tell by their shape what they are, or by what they stand in: an address, a
/// header. `kind | name | check`, as all tables of this folder; see `Check`.
let tokenRules = Rule.table(
  #"""
  token | user and password of an address | given
    / ://(?:[\w.-]{1,32}\\{1,4})?([^\s/?"'`<>\\@:]*:[^\s/?"'`<>\\]+)@
    + postgres://⟦admin:s3cr3t⟧@db.example.org/x
    + redis://⟦:p@ss⟧@cache:6379
    + http://corp\⟦bob:N1gtePz3taRe⟧@proxy:3128
    + s3://⟦AK¦IAIOSFODNN7EXAMPLE:qT9xLm2ZpR7vK4sN8wYbC3dF⟧@bucket/x
    - https://example.org:8080/a@b
    - postgres://user:${PASSWORD}@db/x and postgres://user:password@db/x
  token | user and password of an address that is escaped | login
    / :\\{1,4}/\\{1,4}/([^\s/?"'`<>\\@:]*:[^\s/?"'`<>\\]+)@
    / (?i)%3a%2f%2f([^\s/?"'`<>\\@:%&]*(?:%3a|:)(?:[^\s/?"'`<>\\@:%&]|%[0135-9a-f][0-9a-f]|%2[0-9a-e]|%4[1-9a-f]){3,})(?:%40|@)
    / (?:^|[\s"'`(=,])//([^\s/?"'`<>\\@:]+:[^\s/?"'`<>\\@]+)@[\w.\[]
    / ://([\w.+%-]+:[^\s/?"'`<>\\@:]*[^\s\d/?"'`<>\\@:][^\s/?"'`<>\\@]*[/?][^\s"'`<>\\@]*)@[\w.-]+(?:$|[\s/:"'`)])
    + https:\/\/⟦u:N1gtePz3taRe⟧@h\/x
    + https%3A%2F%2F⟦u%3AN1gtePz3taRe⟧%40h%2Fx
    + url=//⟦u:N1gtePz3taRe⟧@h/x
    + https://⟦u:a/bN1gtePz3taRe⟧@h/x
    + https://⟦u:q?N1gtePz3taRe⟧@h/x
    - https://example.org:8080/a@b, //todo:fix@bob, ssh://github.com:org/repo2@main
    - https%3A%2F%2Fexample.org%3A8080%2Fa%40b, https:\/\/u:password@h\/x
  token | user and password with spaces, of an address | given
    / (?i)\b(?:postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|s?ftps?|smtps?|imaps?|ldaps?|mssql|sqlserver|oracle|clickhouse|couchbase|nats|mqtts?|wss?|https?|smb|rtsp|socks5h?)(?:\+\w+)?://
    \ ([^\s/?"'`<>\\@:]+:[^\s/?"'`<>\\@:]*[^\s\d/?"'`<>\\@:,.][^\s/?"'`<>\\@:]*(?: [^\s/?"'`<>\\@:]+){1,4})@[\w.-]+(?::\d|/)
    + postgres://⟦u:pa ss⟧@h/x
    + mongodb+srv://⟦app:correct horse battery⟧@c.example.net/x
    - http://localhost:8080 or bob@h/x, see http://h:8080, mail bob@h/x
    - postgres://user:port and @h
  token | token alone before a host | random
    / ://([A-Za-z0-9_.~%+=-]{12,})@
    + https://⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧@localhost:3000/
    - ssh://git-users-of-this@example.org/x
  email | user of an address without a password | given
    / ://([\w.~%+-]{4,})@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?:$|[^\w.])
    + https://⟦jane.doe⟧@dev.azure.com/x/_git/y
    - ssh://git@github.com/a/b.git, https://user@host, https://example.org/@jane/post
  key | private key in armour
    / ({HEAD}(?:{BREAK}[A-Za-z0-9+/=]+|[ \t]+[A-Za-z0-9+/=]{24,})+
    \ (?:{BREAK}|[ \t]*)-----END [A-Z0-9 ]*-{1,5})
    + ⟦-----BEGIN RSA PRIV¦ATE KEY-----⏎MIIE⏎abc⏎-----END RSA PRIVATE KEY-----⟧
    - From -----BEGIN PRIV¦ATE KEY----- to the line -----END PRIVATE KEY----- it goes
    - -----BEGIN RSA PRIV¦ATE KEY-----⏎...⏎-----END RSA PRIVATE KEY-----
  key | private key that was cut off
    / ({HEAD}(?:{BREAK}[A-Za-z0-9+/=]{24,})+(?:{BREAK}[A-Za-z0-9+/=]+$)?)(?:$|[\r\n\\"'])
    / Private-Lines: \d+((?:{BREAK}[A-Za-z0-9+/=]{24,})+)
    + ⟦-----BEGIN OPENSSH PRIV¦ATE KEY-----⏎b3BlbnNzaC1rZXktdjEAAAAA⟧⏎
    - -----BEGIN RSA PRIV¦ATE KEY-----⏎is in src/projects/Something/else2.txt⏎
  token | JSON Web Token
    / {L}(eyJ[\w-]{7,}\.[\w-]{10,}(?:\.[\w-]*)*)
    + ⟦ey¦JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSM⟧
    - eyJ.a.b
  key | secret part of a webhook's address
    / {WEBHOOK}/([\w/@.-]{16,})
    + https://hooks.slack.com/services/⟦T0000/B0000/XXXXXXXXXXXX⟧
    + https://discordapp.com/api/webhooks/⟦144462368490136597/qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    - https://hooks.slack.com/services/T0
  key | token that names its issuer | looks
    / {L}({ISSUER}[\w.=~-]{9,}[\w=~-])
    + ⟦gh¦p_16C7e42F292c6912E7710c838347Ae178B4a⟧, ok
    + ⟦xox¦b-123456789012-abcdef⟧
    + ⟦lsv2_¦pt_0a1b2c3d4e5f60718293a4b5c6d7e8f9_0a1b2c3d4e⟧
    + ⟦tvly-¦dev-qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + ⟦doo_v1_¦0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + ⟦gl¦pat-abcdefghijklmnopqrst⟧.
    - ghp_your_token_here_and_more and glpat-your-token-here-please
    - gsk_render_node_get_bounds_of_it and SG.Framework.Internal.Service.Provider
  key | token in Base64 that names its issuer | looks
    / {L}((?:bedrock-api-key-|ABSK|FlyV1 fm2_|AQICAHj)[\w+/=-]{20,})
    + ⟦bedrock-api¦-key-qT9xLm2ZpR7vK4sN8wYbC3dF+qT9xLm2ZpR7vK4sN8wYbC3dF/qT9xLm2Z⟧
    - bedrock-api-key-rotation
  key | token of a known form
    / {L}(pat[A-Za-z0-9]{14}\.[0-9a-f]{64})(?:$|[^\w])
    / {L}(ls__[0-9a-f]{32})(?:$|[^\w])
    / {L}(local-[0-9a-f]{40})(?:$|[^\w])
    / {L}([A-Za-z0-9]{14}\.atlasv1\.[\w=-]{60,})
    / {L}(v[1-4]\.(?:local|public)\.[\w-]{40,}(?:\.[\w-]+)?)
    / {L}(A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})(?:-[A-Z0-9]{5}){3})(?:$|[^\w-])
    / {L}(?i:aad3b435b51404eeaad3b435b51404ee:([0-9a-f]{32}))(?:$|[^\w])
    / {L}[\w.$-]+:\d{3,5}:[0-9a-fA-F]{32}:([0-9a-fA-F]{32}):::
    + ⟦patAbCdEfGhIjKlMn¦.0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + ⟦ls__¦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + ⟦local-¦0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d⟧
    + aad3b435b51404eeaad3b435b51404ee:⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + ⟦A3-¦ABCDEF-GH1JKL-MN2PQ-RS3TU-VW4XY-Z5ABC⟧
    + ⟦v2.local.¦qT9xLm2ZpR7vK4sN8wYbC3dFqT9xLm2ZpR7vK4sN8wYbC3dF⟧
    - local-0a1b2c3d4e5f60718293a4b5c6d7e8f9 ls__0a1b2c3d patTheQuickBrown.0a1b
  key | secret of an application
    / (?:^|[^\w.~-])([\w.~-]{3}\dQ~[\w.~-]{31,40})(?:$|[^\w.~-])
    + ⟦qJH8Q~¦xV5bT2mKp9LwR4sN7yZc3DfG6hJ1aQeUiO⟧
    - fooQ~bar, abc8Q~short
  key | key of two hexadecimal parts
    / {L}(v\d\.\d-[0-9a-f]{24}-[0-9a-f]{64,})(?:$|[^\w])
    + ⟦v1.0-¦3f8a91c04be27d65a1f09c8e-7b6d54321fe0a9c83f8a91c04be27d657b6d54321fe0a9c83f8a91c04be27d65⟧
    - v1.0-3f8a91c04be2-dirty
  key | token behind one letter | run
    / {L}(s\.[A-Za-z0-9]{24})(?:$|[^\w.])
    + ⟦s.¦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    - s.internationalizationAndMore
  key | two parts at random behind a prefix | looks
    / {L}(pat\.[A-Za-z0-9]{16,}\.[A-Za-z0-9]{16,})(?:$|[^\w])
    + ⟦pat.¦qT9xLm2ZpR7vK4sN8wYbC3dF.qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    - pat.internationalization.implementations
  key | token that begins as names do | run
    / {L}({ISSUER_LIKE}[\w.=-]{15,}[\w=-])
    + use ⟦sk-¦proj-abc123DEF456ghi789jkl⟧ now
    + ⟦hf_¦abcdefghijklmnopqrstuvwxyzabcdefgh⟧
    - sk-learn-classifier-2-models and npm_config_registry_2
    - hf_hub_download_with_retries_and_more_words
    - live_update_2_of_the_tables, secret_name_of_this_thing, sl.something.else1
  key | token behind a name and a dot or a colon | joined
    / {ALONE}([A-Za-z][A-Za-z0-9]{1,15}(?:[_-][A-Za-z0-9]{1,12}){0,2}[.:][A-Za-z0-9]{24,})(?:$|[^\w.:(/+=-]|\.(?:$|\s))
    / {ALONE}([A-Za-z]{2,8}(?:\.[A-Za-z]{2,8}){0,2}\.(?:[\w-]{16,}[A-Za-z0-9]{12}[\w-]*|[\w-]*[A-Za-z0-9]{12}[\w-]{16,}))(?:$|[^\w.:(/+=-]|\.(?:$|\s))
    / {ALONE}([A-Za-z]{2,8}(?:\.[A-Za-z]{2,8}){0,2}(?:\.[A-Za-z0-9]{16,}){2})(?:$|[^\w.:(/+=-]|\.(?:$|\s))
    + ⟦acme.¦qT9xLm2ZpR7vK4sN8wYbC3dF⟧ ⟦acme:¦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + ⟦mfa.¦qT9xLm2ZpR7vK4sN8wYbC3dF_qT9xLm2ZpR7vK4sN8wYbC3dF⟧.
    + ⟦vf.dm.¦qT9xLm2ZpR7vK4sN8wYbC3dF.qT9xLm2ZpR7vK4sN⟧
    - h1:qT9xLm2ZpR7vK4sN8wYbC3dFqT9xLm2ZpR7vK4sN8wY, sha256.qT9xLm2ZpR7vK4sN8wYbC3dF
    - chunk.qT9xLm2ZpR7vK4sN8wYbC3dF, acme.9fceb02d0ae598e95dc970b74767f19372d61af8
    - Foo.theThirdOf3OrdersComesBack2TimesOnly, id:qT9xLm2ZpR7vK4sN8wYbC3dF, did:key:qT9xLm2ZpR7vK4sN8wYbC3dF
  key | token behind some prefix | mixed
    / {L}([A-Za-z][A-Za-z0-9]{1,15}(?:[_-][A-Za-z0-9]{1,12}){0,3}[_-][A-Za-z0-9]{20,}
    \ (?:[_.-][A-Za-z0-9]+)*)
    + ⟦acme_¦qT9xLm2ZpR7vK4sN8wYbC3dF⟧ ⟦acme-pat-¦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + ⟦acme_v1_¦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧ ⟦squ_¦3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c8⟧
    + ⟦acme_¦mfzwizltoq4dcnbrgy2tamrv7gi3tkma⟧
    + ⟦acme_¦FJx4bXq9vLm2ZpR7vK4sN8_3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c8⟧
    - commit-9fceb02d0ae598e95dc970b74767f19372d61af8 and chunk-5d41402abc4b2a76b9719d911017c592
    - toolu_01A09q90qw90lq917835lq9QQ, msg_01XFDUDYJgAACzvnptvVoYEL, sha512-qT9xLm2ZpR7vK4sN8wYbC3dF
    - test_thatTheThirdOf3OrdersComesBack2TimesOnly, main_9fceb02d0ae598e95dc970b74767f19372d61af8
    - the commit is foo_9fceb02d0ae598e95dc970b74767f19372d61af8, a/foo_5d41402abc4b2a76b9719d911017c592
    - usr_01h2xcejqtf2nbrexx3vqjhp41, foo_5d41402abc4b2a76b9719d911017c592.css
  key | id or key of a cloud
    / {L}((?:AKIA|ASIA|AROA|AIDA|ABIA|ACCA|AGPA|AIPA|ANPA|ANVA)[A-Z0-9]{16})(?:$|[^\w])
    / (?:^|[^\w-])((?:AC|SK|PN)[0-9a-f]{32})(?:$|[^\w-])
    / {L}(LTAI[A-Za-z0-9]{12,20})(?:$|[^\w])
    / (?:^|[^\w-])(AKID[A-Za-z0-9]{32})(?:$|[^\w])
    / (?:^|[^\w-])([0-9a-f]{32}-us\d{1,2})(?:$|[^\w-])
    + id ⟦AK¦IAIOSFODNN7EXAMPLE⟧.
    + sid ⟦A¦C0123456789abcdef0123456789abcdef⟧.
    - AKIAbutnot, ACCOUNT0123456789abcdef SK0123456789abcdef AC0123456789abcdef0123456789abcdef0
  token | secret beside the id of a cloud's key | mixed
    / (?:AKIA|ASIA)[A-Z0-9]{16}["']?[\s,;:|]+["']?([A-Za-z0-9/+]{40})(?:$|[^\w/+=])
    + AK¦IAIOSFODNN7EXAMPLE ⟦qT9xLm2ZpR7vK4sN8wYbC3dFqT9xLm2ZpR7vK4sN⟧
    - AK¦IAIOSFODNN7EXAMPLE 9fceb02d0ae598e95dc970b74767f19372d61af8
  key | token of a bot
    / {L}(\d{8,10}:AA[\w-]{33})(?:$|[^\w-])
    / /bot(\d{8,10}:[\w-]{35})/
    / {L}([MNO][\w-]{22,27}\.[\w-]{6}\.[\w-]{27,40})(?:$|[^\w-])
    + ⟦110201543:¦AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw_⟧
    + ⟦MTAyMzQ1Njc4OTAxMjM0NTY3.¦GaBcDe.abcdefghijklmnopqrstuvwxyzABCDEF0123⟧
    - 110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw
  token | password that was hashed
    / (\$(?:apr1|1|2[abxy]|5|6|7|y|sha1|argon2\w*|scrypt|pbkdf2[\w-]*)\$[\w./$,=+-]{20,})
    + bob:⟦$apr1$¦x3Ab45cD$qT9xLm2ZpR7vK4sN8wYbC3⟧
    - $1$ and $2b$ are prefixes
  token | Authorization header with a scheme
    / (?i)authorization["'\\]{0,3}\s?[:=,]\s?["'\\`]{0,3}(?:bearer|basic|token|negotiate|apikey|key|oauth|hmac)[ ]{1,2}([\w./+=~:-]{7,}[\w/+=~-])
    + Authorization: Bearer ⟦abcDEF12⟧
    + {"authorization":"Bearer ⟦abcdefgh⟧"}
    - Authorization: ApiKey <your key>
  token | Authorization header of another scheme | digits
    / (?i)authorization["'\\]{0,3}\s?[:=,]\s?["'\\`]{0,3}(?:[a-z0-9-]{1,32}[ ]{1,2})?([\w./+=~:-]{7,}[\w/+=~-])
    + 'Authorization': 'Klaviyo-API-Key ⟦abcdef012⟧'
    + Authorization: ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    - Authorization: requires administrator rights
  token | answer to a challenge
    / (?i)\bdigest\s[^\n]*?\bresponse=\\*"?([0-9a-f]{32,128})(?:$|[^\w])
    + Authorization: Digest username="bob", response="⟦3f8a91c04be27d65a1f09c8e7b6d5432⟧"
    - WWW-Authenticate: Digest nonce="3f8a91c04be27d65a1f09c8e7b6d5432", response="<response>"
  token | Bearer and Basic alone | bearer
    / (?i){L}(?:bearer|basic) ([A-Za-z0-9_+=~-][\w./+=~-]{14,}[\w/+=~-])
    + Bearer ⟦abcDEF123456789012⟧
    - basic understanding of things, Basic authentication123 is
  token | Bearer as a name | code
    / (?i){L}bearer["']?\s?[:=]\s?["']?([A-Za-z0-9_+=~-][\w./+=~-]{14,}[\w/+=~-])
    + bearer: ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    - bearer: authentication-scheme and bearer = request.headers.authorization
  token | signature of a message
    / (?i)\b[\w-]*signature[\w-]*["'\\]{0,3}\s?[:=]\s?["'\\]{0,3}(?:t=\d+,)?(?:sha\d+|v\d)=([0-9a-f]{32,128})
    + X-Hub-Signature-256: sha256=⟦0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + Stripe-Signature: t=1767225600,v1=⟦0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    - X-Hub-Signature-256: sha256=<signature>, signature = sha256(x)
  token | cookies | digits
    / (?i){L}cookie["'\\]{0,3}:[ "'\\]{0,4}[\w.-]+=([^\s"'`\\,;<>()\[\]{}]+(?:; [\w.-]+=[^\s"'`\\,;<>()\[\]{}]+)*)
    / (?i){L}set-cookie["'\\]{0,3}:[ "'\\]{0,4}[\w.-]+=([^\s"'`\\,;<>()\[\]{}]{8,})
    + Cookie: session=⟦abcdef0123456789; theme=dark⟧
    + Set-Cookie: sid=⟦abcdef0123456789⟧; Path=/
    - Cookie: session=<session>, Set-Cookie: name=value, the cookie: a=b
  """#,
  shorthands: maskingShorthands)
