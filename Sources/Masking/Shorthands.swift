/// What patterns of several rules have in common, and what is too long to be read within one.
let maskingShorthands = [
  // MARK: Where something begins and ends

  // Behind this a word begins: also behind escapes, in text that quotes text or an address, whose
  // letter comes first so as not to be part of the word, and behind what sets a colour.
  "L": #"(?:\\[nrt]|%2[26]|%3[fFdD]|\\u0026|^|[^A-Za-z0-9_]|\#(colour))"#,
  "COLOUR": colour,
  // The same, and no part of a longer name goes before.
  "ALONE": #"(?:\\[nrt]|^|[^\w:./@#-]|\#(colour))"#,
  // Where a number of a person begins and ends, and what stands between its name and it.
  "BEFORE_ID": #"(?:^|[^\w.-]|\#(colour)|\\[nrt])"#,
  "AFTER_ID": #"(?:$|[^\w.-]|[.-](?:$|\W))"#,
  "SAYS":
    #"(?:[ ._-]{0,2}s?(?:no|nr|num|number|nummer|numer|numero|id|is|ist|jest|er)\b){0,2}["'\\ \t.:=#>-]{1,6}"#,
  // A character of a value without quotes.
  "V": #"[^\s"'`\\,;<>()\[\]{}&|\x1b]"#,
  // A value in quotes, and one with or without.
  "QUOTED": #"\\*(?:"([^"\n]{4,}?)\\*"|'([^'\n]{4,}?)\\*')"#,
  "VALUE": #"(?:{QUOTED}|\\*["']?({V}{4,}))"#,
  // The same in quotes, without a space.
  "STRING": #"\\*(?:"([^"\s]{6,}?)\\*"|'([^'\s]{6,}?)\\*'|`([^`\s]{6,}?)`)"#,
  // A quote, also in text that quotes text, and as addresses, pages and strings of code escape it.
  "Q": #"(?:\\*["'])"#,
  "ESCAPED_QUOTE": #"(?:&(?:quot|apos|#(?:0?3[49]|x2[27]));|\\+u002[27]|%2[27])"#,
  // The same without a slash: no path.
  "PLAIN_VALUE": #"["']?([^\s"'`\\,;<>()\[\]{}&|/]{6,})"#,
  // What separates a name from its value.
  "SEP":
    #"["'\\\]]{0,4}(?:[ \t]|\#(colour)){0,4}(?:=>|:=|[|?]{0,2}=|:)(?:[ \t]|\#(colour)){0,4}"#,
  "HOME": #"[\w\x80-\xff@+-]+(?:\.+[\w\x80-\xff@+-]+)*"#,
  // Between two lines of a key: also as text that quotes text, or code, has them.
  "BREAK":
    #"(?:[ \t"',+>|]*(?:[\r\n]|\\+[nr])(?:[ \t\r\n"',+>|]|\\+[nr\\])*)"#,
  // The first line of a key, and the headers behind it.
  "HEAD":
    #"-----BEGIN [A-Z0-9 ]*(?:PRIVATE KEY|KEY BLOCK)(?: BLOCK)?-----"#
    + #"(?:{BREAK}[A-Za-z-]+: [^\r\n\\]*)*"#,

  // MARK: Names

  // Names of what is secret.
  "NAME": oneOf(
    #"""
    password passwd passphrase passcode pgpass pwd pswd pword secret token credentials? api[_.-]?key
    access[_.-]?key secret_?key_?base auth_?token x-functions-key (?:{KEY_OF})[_-]?key
    \bpass _pass
    """#),
  // Of what a key is secret; of longer words the end, which is looked for sooner.
  "KEY_OF": oneOf(
    """
    secret private client auth account signing encryption decryption master shared scription
    license admin session storage webhook function service deploy bot app consumer security hmac jwt
    rsa ssh gpg aes cipher mentation openai anthropic cohere azure gemini groq
    """),
  // Names of variables of an environment, in capitals.
  "ENVIRONMENT_NAME": #"[A-Z0-9_]*(?:PASSWORD|PASSWD|SECRET|TOKEN|_KEY|PASS|_PW)"#,
  // Whose password is often called `dbpass`, `rootpw`.
  "OWNER": oneOf(
    """
    root db user usr admin bind ssh become sudo smtp mail ftp ldap mysql pg postgres login vnc wifi
    key store proxy auth svc service sql ora redis mongo rabbit repl backup enable su my old new http
    """),
  // Names of a password in languages other than English.
  "FOREIGN_NAME": oneOf(
    """
    passwort kennwort contraseña contrasenya senha palavra-passe wachtwoord parola parolam parolası
    hasło heslo jelszó şifre şifrem lösenord adgangskode adgangskoden kodeord passord passordet
    salasana parole slaptažodis lozinka geslo [Пп]ароль [Лл]озинка [Сс]ифра κωδικός κωδικός\\sπρόσβασης
    mot\\sde\\spasse mdp mật\\skhẩu kata\\ssandi sandi كلمة\\sالمرور كلمة\\sالسر סיסמה סיסמא รหัสผ่าน पासवर्ड
    """),
  // The same, of scripts that put no space between words.
  "UNSPACED_NAME": oneOf("密码 密碼 口令 暗号 暗証番号 パスワード パスコード 비밀번호 패스워드 암호"),
  // What such a password is for.
  "OF": oneOf(
    "für fürs zum zur vom del de du pour para da do di dla van voor from для от för till til"),
  // What stands between such a name and the password.
  "IS": oneOf("ist lautet war jetzt es c'est est é è e er är on je jest to is là adalah : = — - –"),
  "UNSPACED_IS": oneOf("是 为 為 は 는 은 が ： : = 就是 设为 設為"),

  // MARK: Pairs

  // What pairs call the name of what they hold, and what stands between it and the value.
  "NAME_OF_PAIR": #"name|key|id|field|param|parameter|variable|k"#,
  "BEFORE_VALUE":
    #",?\s{0,24}(?:\\*["']\w+\\*["']\s?:\s?\\*["']?[\w.-]*\\*["']?,\s{0,24})?"#
    + #"\\*["']?value\\*["']?\s?[:=]\s?(?:\\*["'])?"#,

  // MARK: Queries

  // The name of a column, that of one that is secret, and a value, as `insert` has them.
  "COLUMN": #"["`\[]?\w+["`\]]?\s*"#,
  "SECRET_COLUMN":
    #"["`\[]?\w*(?:password|passwd|passphrase|pwd|secret|token|api_?key)["`\]]?\s*"#,
  "COLUMN_VALUE": #"(?:N?'[^'\n]*'|[^'(),\n]+(?:\([^()'\n]*\))?)\s*"#,
  // What goes before the first value, and the rows of which it is masked.
  "VALUES": #"values\s*(?:\([^()\n]*'\[TOKEN\]'[^()\n]*\)\s*,\s*)*\(\s*"#,
  // What is handed over to a function.
  "ARGUMENT": #"(?:"[^"\n]*"|'[^'\n]*'|[\w$.>\[\]-]+)\s*"#,

  // MARK: Issuers

  // Addresses whose last part is secret.
  "WEBHOOK": oneOf(
    #"""
    hooks\.slack\.com/(?:services|workflows|triggers) discord(?:app)?\.com/api/(?:v\d+/)?webhooks
    webhook\.office\.com/webhookb2 outlook\.office(?:365)?\.com/webhook
    hooks\.zapier\.com/hooks/catch feishu\.cn/open-apis/bot/v2/hook
    larksuite\.com/open-apis/bot/v2/hook maker\.ifttt\.com/trigger/\w+/with/key
    hooks\.airtable\.com/workflows/v1 events\.pagerduty\.com/integration
    hook\.(?:[a-z0-9]+\.)?make\.com hooks\.glip\.com/webhook
    """#),
  // How tokens begin that nothing else begins with.
  "ISSUER": oneOf(
    #"""
    (?:sk|pk|rk)_(?:live|test|prod)_ whsec_ gh[a-z]_ github_pat_ gl[a-z][a-z]{1,7}- xox[a-z][-.]
    xapp- AIza ya29\. 1//0 GOCSPX- SG\. do[a-z]_v1_ r8_ gsk_ xai- dckr_[a-z]{3}_ shp[a-z]{2,3}_
    lin_(?:api|oauth)_ ntn_ sq0[a-z]{3}- pplx- nvapi- PMAK- AT[AC]TT3 ATBB hv[a-z]\.
    AGE-SECRET-KEY-1 lsv2_[a-z]{2}_ tvly-(?:dev-|prod-)? gls?[a-z]_ pcsk_ bedrock-api-key-
    tskey-[a-z]+- figd_ figoh?_ NRA[KAL]- NRJS- NRII- CFPAT- ph[a-z]_ sntry[a-z]_ dt0[a-z]\d\d\.
    pul- EZ[AT]K shippo_(?:live|test)_ sgp_ xkeysib- xsmtpsib- rubygems_ HRKU- sk-ant- sk-or-v1-
    sk-proj- [sp]k-lf- ctx7sk- pat-(?:na|eu)\d- duffel_(?:live|test)_ FLW(?:SEC|PUB)K[A-Z_]*-
    rzp_(?:live|test)_ key_(?:live|test)_ access-(?:production|development|sandbox)- apify_api_
    dp\.(?:pt|st|ct|sa|scim|audit)\. pscale_[a-z]+_ ATOA sb_(?:secret|publishable)_
    """#),
  // How tokens begin, and names too.
  "ISSUER_LIKE": oneOf(
    #"""
    sk- hf_ npm_ pypi- key- dapi mlsn\. pa- co_ nfp_ api- apikey- token- secret- lf_ sl\. re_ ak_
    ops_ fw_ jina_ e2b_ fc- rnd_ vc[a-z]_ vercel_ csk- ms- live_ secret_ waka_ snyk_ hsp_ composio_
    rpa_ EAAA AKCp oy2 EAA[A-Z] sbp_ fo1_ fm[12]_ whpk_ polar_[a-z]+_ amzn1\.[a-z-]+\.
    """#),

  // MARK: Commands

  // Programs that log in with `login`, and take a password behind `-p`.
  "LOGIN": oneOf(
    """
    docker podman nerdctl buildah skopeo helm oras crane oc az cf argocd rancher vsce npm ibmcloud
    """),
  // Programs that take a password behind `-p`, `-a`, `-P`.
  "CLIENT_P": oneOf(
    #"""
    mongo(?:sh|dump|restore|export|import|stat|top)? cqlsh mssql-cli xfreerdp psexec influx
    clickhouse-client ipmitool docker-credential\S* twine rdesktop rabbitmqadmin snowsql
    ncftp(?:get|put|ls) useradd usermod security\s+unlock-keychain
    """#),
  "CLIENT_A": oneOf("redis-cli valkey-cli keydb-cli redis-benchmark"),
  "CLIENT_CAPITAL_P": oneOf(
    "sqlcmd bcp mosquitto_(?:pub|sub|rr) zip unzip isql tsql ipmitool ncftpget ncftpput"),
  // Programs of Oracle.
  "ORACLE": oneOf("sqlplus sqlldr expdp impdp exp imp rman connect conn"),
  // Commands that read a password.
  "READER": oneOf(
    #"""
    sudo\s[^\n|;&]*?(?:-\w*S|--stdin)\b (?:sudo\s+)?passwd\s+--stdin
    (?:sudo\s+)?passwd\b
    (?:sudo\s+)?(?:chpasswd|kinit|vncpasswd)\b
    (?:sudo\s+)?(?:cryptsetup|smbpasswd)\b su\s docker\s+login gh\s+auth\s+login
    \w+\s+secrets?\s+(?:put|set|add|create)\s
    [^\n|;&]*?--(?:password-stdin|with-token|passphrase-fd|pass(?:word|phrase)?-fd)
    [^\n|;&]*?-pass(?:in|out)?\s+stdin
    """#),
]

/// What sets a colour of a terminal.
private let colour = #"\x1b\[[\d;]*m"#

/// A pattern that matches what one of several does: they stand between spaces and line feeds.
private func oneOf(_ patterns: String) -> String {
  let parts = patterns.utf8.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\n") }
  return "(?:" + parts.map { String($0) ?? "" }.joined(separator: "|") + ")"
}
