package import Rules

/// What is masked: `kind | name | check`, the more telling first, as of two findings that overlap the
/// earlier rule's kind counts. A check says what a pattern cannot; see `Check`.
package let secretRules =
  Rule.table(
    #"""
    token | user and password of an address | given
      / ://([^\s/?"'`<>\\@:]*:[^\s/?"'`<>\\]+)@
      + postgres://⟦admin:s3cr3t⟧@db.example.org/x
      + redis://⟦:p@ss⟧@cache:6379
      + s3://⟦AK¦IAIOSFODNN7EXAMPLE:qT9xLm2ZpR7vK4sN8wYbC3dF⟧@bucket/x
      - https://example.org:8080/a@b
      - postgres://user:${PASSWORD}@db/x and postgres://user:password@db/x
    token | token alone before a host | random
      / ://([A-Za-z0-9_.~%+=-]{12,})@
      + https://⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧@localhost:3000/
      - ssh://git-users-of-this@example.org/x
    email | user of an address without a password | given
      / ://([\w.~%+-]{4,})@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}(?:$|[^\w.])
      + https://⟦jane.doe⟧@dev.azure.com/x/_git/y
      - ssh://git@github.com/a/b.git, https://user@host, https://example.org/@jane/post
    key | private key in armour
      / (-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|KEY BLOCK)(?: BLOCK)?-----(?:{BREAK}[A-Za-z-]+: [^\r\n\\]*)*(?:{BREAK}[A-Za-z0-9+/=]+|[ \t]+[A-Za-z0-9+/=]{24,})+(?:{BREAK}|[ \t]*)-----END [A-Z0-9 ]*-{1,5})
      + ⟦-----BEGIN RSA PRIV¦ATE KEY-----⏎MIIE⏎abc⏎-----END RSA PRIVATE KEY-----⟧
      - From -----BEGIN PRIV¦ATE KEY----- to the line -----END PRIVATE KEY----- it goes
      - -----BEGIN RSA PRIV¦ATE KEY-----⏎...⏎-----END RSA PRIVATE KEY-----
    key | private key that was cut off
      / (-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|KEY BLOCK)(?: BLOCK)?-----(?:{BREAK}[A-Za-z-]+: [^\r\n\\]*)*(?:{BREAK}[A-Za-z0-9+/=]{24,})+(?:{BREAK}[A-Za-z0-9+/=]+$)?)(?:$|[\r\n\\"'])
      / Private-Lines: \d+((?:{BREAK}[A-Za-z0-9+/=]{24,})+)
      + ⟦-----BEGIN OPENSSH PRIV¦ATE KEY-----⏎b3BlbnNzaC1rZXktdjEAAAAA⟧⏎
      - -----BEGIN RSA PRIV¦ATE KEY-----⏎is in src/projects/Something/else2.txt⏎
    token | JSON Web Token
      / {L}(eyJ[\w-]{7,}\.[\w-]{10,}(?:\.[\w-]*)*)
      + ⟦ey¦JhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.SflKxwRJSM⟧
      - eyJ.a.b
    key | secret part of a webhook's address
      / (?:hooks\.slack\.com/(?:services|workflows|triggers)|discord(?:app)?\.com/api/(?:v\d+/)?webhooks|webhook\.office\.com/webhookb2|outlook\.office(?:365)?\.com/webhook|hooks\.zapier\.com/hooks/catch|feishu\.cn/open-apis/bot/v2/hook|larksuite\.com/open-apis/bot/v2/hook|maker\.ifttt\.com/trigger/\w+/with/key|hooks\.airtable\.com/workflows/v1|hook\.(?:[a-z0-9]+\.)?make\.com|hooks\.glip\.com/webhook)/([\w/@.-]{16,})
      + https://hooks.slack.com/services/⟦T0000/B0000/XXXXXXXXXXXX⟧
      + https://discordapp.com/api/webhooks/⟦144462368490136597/qT9xLm2ZpR7vK4sN8wYbC3dF⟧
      - https://hooks.slack.com/services/T0
    key | token that names its issuer | looks
      / {L}((?:(?:sk|pk|rk)_(?:live|test|prod)_|whsec_|gh[a-z]_|github_pat_|gl[a-z][a-z]{1,7}-|xox[a-z][-.]|xapp-|AIza|ya29\.|1//0|GOCSPX-|SG\.|do[a-z]_v1_|r8_|gsk_|xai-|dckr_[a-z]{3}_|shp[a-z]{2,3}_|lin_(?:api|oauth)_|ntn_|sq0[a-z]{3}-|pplx-|nvapi-|PMAK-|AT[AC]TT3|ATBB|hv[a-z]\.|AGE-SECRET-KEY-1|lsv2_[a-z]{2}_|tvly-(?:dev-|prod-)?|gls?[a-z]_|pcsk_|bedrock-api-key-|tskey-[a-z]+-|figd_|figoh?_|NRA[KAL]-|NRJS-|NRII-|CFPAT-|ph[a-z]_|sntry[a-z]_|dt0[a-z]\d\d\.|pul-|EZ[AT]K|shippo_(?:live|test)_|sgp_|xkeysib-|xsmtpsib-|rubygems_|HRKU-|sk-ant-|sk-or-v1-|sk-proj-|[sp]k-lf-|ctx7sk-|pat-(?:na|eu)\d-|duffel_(?:live|test)_|FLW(?:SEC|PUB)K[A-Z_]*-|rzp_(?:live|test)_|key_(?:live|test)_|access-(?:production|development|sandbox)-|apify_api_|dp\.(?:pt|st|ct|sa|scim|audit)\.|sb_(?:secret|publishable)_)[\w.=~-]{9,}[\w=~-])
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
      + ⟦patAbCdEfGhIjKlMn¦.0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
      + ⟦ls__¦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
      + ⟦local-¦0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d⟧
      - local-0a1b2c3d4e5f60718293a4b5c6d7e8f9 ls__0a1b2c3d patTheQuickBrown.0a1b
    key | two parts at random behind a prefix | looks
      / {L}(pat\.[A-Za-z0-9]{16,}\.[A-Za-z0-9]{16,})(?:$|[^\w])
      + ⟦pat.¦qT9xLm2ZpR7vK4sN8wYbC3dF.qT9xLm2ZpR7vK4sN8wYbC3dF⟧
      - pat.internationalization.implementations
    key | token that begins as names do | run
      / {L}((?:sk-|hf_|npm_|pypi-|key-|dapi|mlsn\.|pa-|co_|nfp_|api-|apikey-|token-|secret-|lf_|sl\.|re_|ak_|ops_|fw_|jina_|e2b_|fc-|rnd_|vc[a-z]_|vercel_|csk-|ms-|live_|secret_|waka_|snyk_|hsp_|composio_|rpa_|EAAA|AKCp|oy2|EAA[A-Z]|sbp_|fo1_|fm[12]_|whpk_|polar_[a-z]+_|amzn1\.[a-z-]+\.|s\.)[\w.=-]{15,}[\w=-])
      + use ⟦sk-¦proj-abc123DEF456ghi789jkl⟧ now
      + ⟦hf_¦abcdefghijklmnopqrstuvwxyzabcdefgh⟧
      - sk-learn-classifier-2-models and npm_config_registry_2
      - hf_hub_download_with_retries_and_more_words
      - live_update_2_of_the_tables, secret_name_of_this_thing, sl.something.else1
    key | token behind some prefix | mixed
      / {L}([A-Za-z][A-Za-z0-9]{1,15}(?:[_-][A-Za-z0-9]{1,12}){0,3}[_-][A-Za-z0-9]{20,}(?:[_.-][A-Za-z0-9]+)*)
      + ⟦acme_¦qT9xLm2ZpR7vK4sN8wYbC3dF⟧ ⟦acme-pat-¦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
      + ⟦acme_v1_¦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
      - commit-9fceb02d0ae598e95dc970b74767f19372d61af8 and chunk-5d41402abc4b2a76b9719d911017c592
      - toolu_01A09q90qw90lq917835lq9QQ, msg_01XFDUDYJgAACzvnptvVoYEL, sha512-qT9xLm2ZpR7vK4sN8wYbC3dF
      - test_thatTheThirdOf3OrdersComesBack2TimesOnly
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
    token | Bearer and Basic alone | bearer
      / (?i){L}(?:bearer|basic) ([A-Za-z0-9_+=~-][\w./+=~-]{14,}[\w/+=~-])
      + Bearer ⟦abcDEF123456789012⟧
      - basic understanding of things, Basic authentication123 is
    token | Bearer as a name | code
      / (?i){L}bearer["']?\s?[:=]\s?["']?([A-Za-z0-9_+=~-][\w./+=~-]{14,}[\w/+=~-])
      + bearer: ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
      - bearer: authentication-scheme and bearer = request.headers.authorization
    token | cookies | digits
      / (?i){L}cookie["'\\]{0,3}:[ "'\\]{0,4}[\w.-]+=([^\s"'`\\,;<>()\[\]{}]+(?:; [\w.-]+=[^\s"'`\\,;<>()\[\]{}]+)*)
      / (?i){L}set-cookie["'\\]{0,3}:[ "'\\]{0,4}[\w.-]+=([^\s"'`\\,;<>()\[\]{}]{8,})
      + Cookie: session=⟦abcdef0123456789; theme=dark⟧
      + Set-Cookie: sid=⟦abcdef0123456789⟧; Path=/
      - Cookie: session=<session>, Set-Cookie: name=value, the cookie: a=b
    token | password before a network and its address | given
      / {L}[\w.-]+:([^\s@:"'`/<>]+)@(?:tcp[46]?|udp|unix|cloudsql)?\(
      / {L}[\w.-]+:([^\s@:"'`/<>]{4,})@/\w
      + user:⟦N1gtePz3taRe⟧@tcp(db:3306)/app
      + user:⟦N1gtePz3taRe⟧@/app
      - user:${PASSWORD}@tcp(db:3306)/app, user:password@/app, import a from '@/b'
    token | password before a bare address | given
      / {L}[\w.-]+/[\w.-]+:([^\s@:"'`/<>]{6,})@(?:\d{1,3}\.){3}\d{1,3}
      + psexec.py dom/bob:⟦N1gtePz3taRe⟧@10.9.8.7
      - dom/bob:$PASSWORD@10.9.8.7 and dom/bob@10.9.8.7
    token | password behind a user and a slash | given
      / (?i)(?:jdbc:oracle:\w+:|\b(?:sqlplus|sqlldr|expdp|impdp|exp|imp|rman|connect|conn)(?: -\w+| target)* )["']?[\w$#]+/([^\s/@"']{4,})@
      / {L}[\w$#]{2,}/([^\s/@"'`]{6,})@//[\w.-]+
      + jdbc:oracle:thin:scott/⟦N1gtePz3taRe⟧@db:1521:x
      + sqlplus scott/⟦N1gtePz3taRe⟧@orcl
      - see docs/readme@orcl
    token | password of SQL | given
      / (?i)\bpassword(?:\s{1,3}|\s{0,3}=\s{0,3})N?'([^'\n]{3,})'
      / (?i)\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+|values\s+)?(?:'([^'\n]{3,})'|"([^"\n]{3,})")
      / (?i)\b(?:user|role|login)\s+\S+\s+identified\s+by\s+([^\s'";]{4,})
      / (?i)\bconnect\s+to\s+\S+\s+identified\s+by\s+([^\s'";]{4,})
      / (?i)\bidentified\s+by\s+([^\s'";]{4,})\s+(?:using\s+'|default\s+tablespace|account\s+(?:un)?lock)
      / (?i)\bset\s+password\s+for\s+[^=\n]{1,60}=\s*(?:password\()?'([^'\n]{3,})'
      / (?i)\b(?:old_)?password\(\s*'([^'\n]{3,})'\s*\)
      + ALTER USER bob WITH PASSWORD '⟦N1gtePz3taRe⟧';
      + CREATE USER a IDENTIFIED BY '⟦N1gtePz3taRe⟧';
      + CONNECT TO u IDENTIFIED BY ⟦N1gtePz3taRe⟧ USING 'x'
      - WITH PASSWORD '$1' and the password 'required', data['password'] = data['confirm']
    token | password of a command | given
      / {L}sshpass\s+-p\s*["']?({V}{3,})
      / {L}(?:(?:docker|podman|nerdctl|buildah|skopeo|helm(?: registry)?|oras|crane|oc|az(?: acr)?|cf|argocd|rancher|vsce|npm)\s+(?:auth\s+)?login|mongo(?:sh|dump|restore|export|import)?|cqlsh|mssql-cli|xfreerdp|psexec|influx|clickhouse-client|ipmitool|docker-credential\S*)\s[^\n|;&]*?\s-?-p[ =]["']?({V}{4,})
      / {L}redis-cli\s(?:[^\n|;&]*?\s)?-a\s+["']?({V}{4,})
      / {L}(?:sqlcmd|bcp|mosquitto_(?:pub|sub)|zip|unzip|isql|tsql|ipmitool|ncftpget|ncftpput)\s(?:[^\n|;&]*?\s)?-P\s*["']?({V}{4,})
      / {L}(?:ldap(?:search|modify|add|delete|whoami|passwd))\s(?:[^\n|;&]*?\s)?-w\s*["']?({V}{4,})
      / {L}(?:smbclient|winexe|rpcclient|smbget|net)\s(?:[^\n|;&]*?\s)?-U\s*["']?[\w.\\/-]+%({V}{4,})
      / {L}7z[ar]?\s(?:[^\n|;&]*?\s)?-p({V}{4,})
      / {L}htpasswd\s+-\w*b\w*\s+(?:\S+\s+)?\S+\s+["']?({V}{4,})
      / {L}net (?:user \S+ ({V}{4,}) /add|use \S+ \S+ ({V}{4,}) /user:)
      / {L}openssl\s[^\n|;&]*?\s-k\s+["']?({V}{4,})
      / {L}mysqladmin\s[^\n|;&]*?\spassword\s+["']?({V}{4,})
      / {L}echo\s+-?n?\s*["']?[\w.-]+:({V}{4,})["']?\s*\|\s*(?:sudo\s+)?chpasswd
      / {L}echo\s+["']?({V}{4,})["']?\s*\|\s*(?:sudo\s+-\w*S|passwd\s+--stdin|docker\s+login)
      / (?:-pass(?:in|out|word)?\s+|\s)pass:({V}{4,})
      / \s--?(?:store|key|dest|src)pass(?:word)?[ =]["']?({V}{4,})
      / {L}lftp\s(?:[^\n|;&]*?\s)?-u\s+[\w.-]+,({V}{4,})
      / {L}rabbitmqctl\s+(?:add_user|change_password)\s+\S+\s+["']?({V}{4,})
      / {L}(?:xfreerdp|mstsc|rdesktop)\s(?:[^\n|;&]*?\s)?/p:({V}{4,})
      / {L}SSHPASS=["']?({V}{4,})
      / {L}snmp\w+\s(?:[^\n|;&]*?\s)?-A\s*["']?({V}{4,})
      / {L}snmp\w+\s(?:[^\n|;&]*?\s)?-X\s*["']?({V}{4,})
      / {L}signtool\s(?:[^\n|;&]*?\s)?/p\s+["']?({V}{4,})
      / {L}gh\s+secret\s+set\s(?:[^\n|;&]*?\s)?(?:--body|-b)[ =]["']?({V}{4,})
      / (?i)\bconvertto-securestring\s+(?:-string\s+)?["']([^"'\n]{4,})["']
      / (?i)password='\\''([^\s"'`\\]{4,})'
      + sshpass -p ⟦N1gtePz3taRe⟧ ssh root@h
      + docker login -u me -p ⟦N1gtePz3taRe⟧ reg.example
      + redis-cli -h c -a ⟦N1gtePz3taRe⟧ ping
      + SSHPASS=⟦N1gtePz3taRe⟧ sshpass -e ssh h
      + snmpget -v3 -u bob -A ⟦N1gtePz3taRe⟧ -x AES h
      + gh secret set TOKEN --body ⟦N1gtePz3taRe⟧
      + signtool sign /f a.pfx /p ⟦N1gtePz3taRe⟧ a.exe
      + ConvertTo-SecureString '⟦N1gtePz3taRe⟧' -AsPlainText
      + psql 'host=h password='\''⟦N1gtePz3taRe⟧'\'''
      + openssl rsa -passin pass:⟦N1gtePz3taRe⟧ -in k.pem
      - sshpass -p $PASS ssh h, docker run -p 8080:80 x, ssh -p 2222 host, docker login -p password
      - SSHPASS=$PASS sshpass -e ssh h, ConvertTo-SecureString $password -AsPlainText, gh secret list
    token | user and password of a command | given
      / {L}(?:curl|https?|wget|lwp-request)\s(?:[^\n|;]*?\s)?(?:-u|--user|-a|--auth|--proxy-user|-U)[ =]?(?:["'][\w.@+%\\-]*:([^"'\n]{4,})["']|[\w.@+%\\-]*:({V}{4,}))
      + curl -s -u admin:⟦secret99⟧ https://x.org
      + curl --user 'a:⟦battery horse⟧' x
      - curl -u $USER:$PASS x, curl -u user:password x, git push -u origin:branch99
    token | password joined to an option | letters
      / {L}(?:mysql(?:dump|admin|import|check|show|sh)?|mariadb(?:-dump|-admin)?)\s(?:[^\n|;&]*?\s)?-p["']?({V}{4,})
      + mysql -h db -uroot -p⟦hunter2⟧ shop
      - mysql -p shop, mysql -p$PASS shop, docker run mysql -p3306:3306
    token | credential of a program that is set up | digits
      / (?i)\b(?:configure|config)\s+(?:set|add)\s+\S*(?:key|token|secret|password|auth)\s+["']?({V}{8,})
      / (?i)\b(?:authtoken|add-authtoken|vault login|set-token|with-token)\s+["']?({V}{8,})
      / (?:^|\n)\s*(?:ENV|ARG|setx)\s\s*[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|_KEY|PASS)\s+["']?({V}{6,})
      / (?i)\brclone\s[^\n]{0,200}?\b(?:secret_access_key|client_secret|token|pass)[ =]["']?({V}{8,})
      / {L}wpa_passphrase\s+\S+\s+["']?({V}{8,})
      / {L}(?:requirepass|masterauth)\s+["']?({V}{8,})
      + aws configure set aws_secret_access_key ⟦hY3U8kb6IvtIbpgXlFwzQQzmEoWlPuZwnCETIPgJ⟧
      + ENV API_TOKEN ⟦qT9xLm2ZpR7v⟧
      + rclone config create r s3 secret_access_key ⟦hY3U8kb6IvtIbpgXlFwzQQzmEoWlPuZwnCETIPgJ⟧
      + wpa_passphrase net ⟦N1gtePz3taRe⟧
      + requirepass ⟦N1gtePz3taRe⟧
      - git config set user.key value1, ARG NODE_KEY short
      - CONFIG GET requirepass, requirepass directive is needed, rclone copy a token
    token | credential file | given
      / (?i)\blogin\s+\S+\s+password\s+([^\s"'<>]{3,})
      / (?i)(?:^|[\s:])_(?:auth|authtoken|password)\s?=\s?["']?({V}{6,})
      / "(?:auth|identitytoken|registrytoken)"\s*:\s*"([A-Za-z0-9+/=_.-]{12,})"
      / (?:^|\n)[\w.*-]+:(?:543[0-9]|\*):[\w.*-]+:[\w.*-]+:([^\s:]{4,})(?:$|\n)
      / {L}[\w.*-]+:543\d:[\w.*-]+:[\w.*-]+:([^\s:"'`,;)]{6,})(?:$|[\s"'`,;)])
      / "username"\s*:\s*"[^"\n]+"\s*,\s*"key"\s*:\s*"([0-9a-f]{32})"
      / (?i)\bdefine\(\s*["']\w*(?:PASSWORD|_KEY|_SALT|SECRET|TOKEN)["']\s*,\s*(?:'([^'\n]{6,})'|"([^"\n]{6,})")
      / (?i)\b(?:client-key-data|client-certificate-key|psk|wpa_psk|preshared ?key|privatekey)\s?[:=]\s?["']?([A-Za-z0-9+/=]{8,})
      + machine api.example.org login bob password ⟦N1gtePz3taRe⟧
      + //registry.npmjs.org/:_auth=⟦Ym9iOk4xZ3RlUHozdGFSZQ==⟧
      + db.example:5432:shop:bob:⟦N1gtePz3taRe⟧
      + in ~/.pgpass: db:5432:shop:bob:⟦N1gtePz3taRe⟧ (mode 600)
      + {"username":"bob","key":"⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧"}
      + {"auths":{"x":{"auth":"⟦Ym9iOk4xZ3RlUHozdGFSZQ==⟧"}}}
      - a login is needed: password required, main.c:12:foo:bar:bazzz, "auth": "required"
    token | variable of an environment | shouted
      / {L}[A-Z0-9_]*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|_PASS|_PWD|API_?KEY|ACCESS_KEY|SECRET_KEY|PRIVATE_KEY|SECRET_KEY_BASE|ACCOUNT_?KEY|AUTH_KEY|ENCRYPTION_KEY|SIGNING_KEY|MASTER_KEY|CREDENTIALS?)=["']?({V}{4,})
      + DB_PASSWORD=⟦horse⟧
      + export MYSQL_PASS=⟦s3cr3t⟧
      - DB_PASSWORD=true, API_KEY=$API_KEY, PASS=12 FAIL=3, FIRST_PASS=true, PWD=/srv/project22, API_KEY=sk-or-...
    token | key of an environment | random
      / {L}[A-Z0-9_]+(?:_KEY|_APIKEY|_AUTH|_DSN|_SALT|_SIGNATURE|_CREDENTIAL|_PAT|_SECRET_\w{1,12}|_TOKEN_\w{1,12}|_KEY_\w{1,12}){SEP}["']?({V}{16,})
      + AZURE_OPENAI_KEY=⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
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
      / (?i)(?:{NAME}){SEP}(?:[\w.?\[\]<>|]{1,32} ?= ?)?(?:[bBfFrRuU@$]{0,2})(?:\\*"([^"\n]{4,}?)\\*"|'([^'\n]{4,}?)\\*'|`([^`\n]{4,}?)`)
      / (?i)(?:{NAME})["'\\]{1,4}\s?[:=]\s?\[\s?\\*["']([^"'\n]{4,}?)\\*["']
      / (?i)(?:{NAME})["'\\]{1,4}\s?[:=]\s?\{[\s"'\\]*(?:value|data|raw)["'\\]*\s?:\s?\\*["']([^"'\n]{4,}?)\\*["']
      + {"api_key": "⟦0123456789abcdef⟧"}
      + {\"client_secret\":\"⟦abcdef⟧\"}
      + api_key: str = "⟦abc-def⟧"
      + {"token":{"value":"⟦abcdef-x⟧"}}
      - "password": "The password of the user", "token": {"type": "string"}, "api_key": "${API_KEY}"
      - { token: "comment", foreground: "0a0a0a" }, "password": "Passwort"
    token | value behind a name and a comma | random
      / (?i)(?:{NAME}|_key)["']\s?,\s?["']([^"'\n]{12,}?)["']
      + os.getenv("API_KEY", "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧")
      - ["secret_key", "secretkey", "private_key", "Ed25519PrivateKey"]
    token | value of a setting | setting
      / (?i)(?:{NAME}){SEP}({V}{6,})(?:$|[\s"'`,;<>)}\]&\\|\x1b])
      / (?i)-?-(?:{NAME})[ =]["']?([^\s"'`\\,;<>()\[\]{}&$-]{V}{5,})
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
      / (?i)key=["'][\w.:-]*(?:password|pwd|token|secret|key)["']\s+value=["']([^"'\n]{6,})["']
      / (?i)\bname["']?:\s?["']?\w*(?:password|token|secret|_key|apikey)["']?,?\s{1,24}["']?value["']?:\s?["']?({V}{6,})
      + <password>⟦hunter22⟧</password>
      + - name: DB_PASSWORD⏎  value: ⟦hunter22⟧
      - <password>required</password>
    token | secret told in quotes | told
      / (?i){L}(?:password|passwd|pwd|passcode|passphrase|pin|(?:api |access |secret |private )?key|(?:access |auth )?token|secret) (?:(?:code|number) )?(?:(?:for|of|to) (?:the |my |our )?\w+ )?(?:is now|is still|is set to|is|was)[: ]{1,2}["'`\\]{1,2}([^\s"'`\\]{4,})["'`\\]
      + The password is '⟦swordfish⟧'.
      - the password is "required" and the password is '<secret1>'
    token | password told | spoken
      / (?i){L}(?:password|passwd|pwd|passcode|passphrase|pin|login) (?:(?:code|number) )?(?:(?:for|of|to) (?:the |my |our )?\w+ )?(?:is now|is still|is set to|is|was|to)[: ]{1,2}([^\s"'`\\,;<>()\[\]{}]{4,})
      + my password is ⟦hunter2⟧, use it
      + and the password was ⟦Tr0ub4dor&3⟧!
      - the password is wrong, the password is 1200 seconds old, the password is base64 encoded
    token | password told in other languages | spoken
      / (?i){L}(?:passwort|kennwort|contraseña|mot de passe|senha|wachtwoord|parola|пароль)(?: (?:ist|lautet|es|est|é|is|è))?[: ]{1,2}([^\s"'`\\,;<>()\[\]{}]{4,})
      + mein Passwort ist ⟦N1gtePz3taRe⟧
      - das Passwort ist falsch
    token | password that follows its name | strong
      / (?i){L}(?:password|passwd|passphrase|passcode) ([^\s"'`\\,;<>()\[\]{}]{8,})
      + log in with password ⟦N1gtePz3taRe⟧
      - password PasswordStrength2Validator, password reset123 is
    token | key told | code
      / (?i){L}(?:(?:api|access|secret|private|auth|licen[sc]e)[ -]?key|(?:access |auth |api |bearer )?token|secret|credential)(?: for \w+| of \w+)?(?: is now| is still| is set to| is| was| to|:|=|,)?[: ]{1,2}([\w+/=.~-]{15,}[\w+/=~-])
      / (?i){L}(?:key|pat|webhook) (?:is|was|to)[: ]{1,2}([\w+/=.~-]{15,}[\w+/=~-])
      / (?i){L}(?:api|access|secret|private|auth|licen[sc]e)[ -]key (?:is |was )?([0-9a-f]{32,64})(?:$|[^\w])
      + the api key is ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
      - the key is authentication123 and the token of internationalization, key 9fceb02d0ae598e95dc970b74767f19372d61af8
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
    shorthands: maskingShorthands) + personalRules

/// What sets a colour of a terminal.
private let colour = #"\x1b\[[\d;]*m"#

/// What patterns of several rules have in common.
let maskingShorthands = [
  // Behind this a word begins: also behind escapes, in text that quotes text or an address, and behind
  // what sets a colour.
  "L": #"(?:^|[^A-Za-z0-9_]|\#(colour)|\\[nrt]|%2[26]|%3[fFdD]|\\u0026)"#,
  "COLOUR": colour,
  // Of a value without quotes.
  "V": #"[^\s"'`\\,;<>()\[\]{}&|\x1b]"#,
  "SEP":
    #"["'\\\]]{0,4}(?:[ \t]|\#(colour)){0,4}(?:=>|:=|[:=])(?:[ \t]|\#(colour)){0,4}"#,
  "HOME": #"[\w\x80-\xff@+-]+(?:\.+[\w\x80-\xff@+-]+)*"#,
  // Between two lines of a key: also as text that quotes text, or code, has them.
  "BREAK":
    #"(?:[ \t"',+>|]*(?:[\r\n]|\\+[nr])(?:[ \t\r\n"',+>|]|\\+[nr\\])*)"#,
  "NAME":
    #"password|passwd|passphrase|passcode|pgpass|pwd|secret|token|api[_-]?key|access[_-]?key|(?:secret|private|client|auth|account|signing|encryption|master|shared|subscription|license|admin|session|storage|webhook|function|service|deploy|bot|app|consumer|security|hmac|jwt|rsa|ssh|gpg|aes|cipher|instrumentation|openai|anthropic|cohere|azure|gemini|groq)[_-]?key|secret_?key_?base|credential|auth_?token|x-functions-key|\b(?:DB_|SMTP_|[A-Z]+_)?pass"#,
]
