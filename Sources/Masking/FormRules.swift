internal import Rules

/// Secrets that their name tells, where what stands between the name and the value is neither a colon
/// nor an equals sign: types, comparisons, lists, tables, pairs of a name and a value. As `tokenRules`.
let formRules = Rule.table(
  #"""
  token | value in quotes behind a type, a comparison or an arrow | named
    / (?i){NAME}["'\])]{0,3}(?:
    \ \s?:{1,2}\s?&?(?:'\w+\s)?[\w.:<>&\[\]?| ]{1,24}=\s?|\)\s?=\s?|
    \ \s+(?:as\s+)?[\w.:]{0,32}(?:string|str|char|bytes?|secret|secure)\w{0,16}[*&?\[\]<>]{0,3}\s?=\s?|
    \ \s?(?:by\s+\w+\s?)?\{\s?|\s?<{1,2}-\s?|
    \ \s?(?:[=!]==?|<>|-c?eq|-c?ne)\s?|
    \ \.(?:equals\w{0,16}|isequal\w{0,8}|compare\w{0,8}|eq)\(\s?|
    \ [ \t]*\r?\n\s*=\s?){STRING}
    + let api_key: &str = "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧"; const PASSWORD: &'static str = "⟦N1gtePz3taRe⟧";
    + var apiKey string = "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧"
    + Dim password As String = "⟦N1gtePz3taRe⟧"
    + std::string password{"⟦N1gtePz3taRe⟧"}; val token by lazy { "⟦N1gtePz3taRe⟧" }
    + password <- "⟦N1gtePz3taRe⟧"
    + if (password == '⟦N1gtePz3taRe⟧' || password !== "⟦N1gtePz3taRe⟧")
    + password.equals("⟦N1gtePz3taRe⟧")
    + password⏎  = "⟦N1gtePz3taRe⟧"
    - token == "identifier2", password != "required", token.equals("user_id2"), token{"name"}
    - <token id="abc12345">, <secret name="db-creds2">, token === "utf8mb4"
  token | value on the line below its name | named
    / (?i){NAME}["']?:[ \t]*(?:\r?\n|\\n)[ \t]+
    \ (?:"([^\s"]{6,})"|'([^\s']{6,})'|([^\s"'`\\,;<>()\[\]{}&|=]{6,}={0,2})(?:$|[\r\n\\]))
    / (?i){NAME}["']?:[ \t]*[|>][+-]?\d?[ \t]*(?:\r?\n|\\n)[ \t]+(\S{6,})
    + password:⏎  '⟦N1gtePz3taRe⟧'
    + password: |⏎    ⟦N1gtePz3taRe⟧⏎user: x
    + password: >-⏎  ⟦N1gtePz3taRe⟧
    - if password:⏎    return2(x), if token:⏎    self.token2⏎, password:⏎  required
  token | value in a list of secrets | secretive
    / (?i)(?:password|passwd|passphrase|pwd|secret|_pass)(?:s|es|_?list)?{SEP}[\[({]\s*
    \ (?:["'`]\[TOKEN\]["'`],\s*)*["'`]([^"'`\s=]{6,}={0,2})["'`]
    + passwords = ['⟦N1gtePz3taRe⟧', 'x']
    + secrets: ["[TOKEN]", "⟦N1gtePz3taRe⟧"]
    - passwords = ["DB_PASSWORD=x1"], passwords = ['required', 'password2'], secrets: [token1, "name"], tokens = ["Hello2!"]
  token | value in bold or in escaped quotes | named
    / (?i)(?:{NAME}|(?:api|access|secret|private) (?:key|token))(?:[*_]{1,3}:[*_]{0,3}|:[*_]{1,3})[ \t]{0,3}["'`]?({V}{6,})
    / (?i){NAME}{ESCAPED_QUOTE}?(?:\s|%20)?(?::|=|%3[ad]|&#(?:61|x3d);|\\+u003[ad])(?:\s|%20)?
    \ {ESCAPED_QUOTE}([^\s"'`&\\%<>]{6,})
    / (?i){NAME}(?:%3[ad]|&#(?:61|x3d);|\\+u003[ad])([^\s"'`&\\%<>]{6,})
    + **Password:** ⟦N1gtePz3taRe⟧
    + __Token__: `⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧`
    + &quot;password&quot;:&quot;⟦N1gtePz3taRe⟧&quot;
    + password=&#39;⟦N1gtePz3taRe⟧&#39;, password=\u0022⟦N1gtePz3taRe⟧\u0022, password%3D⟦N1gtePz3taRe⟧
    - **Password:** required, &quot;token&quot;:&quot;name&quot;, password=&#39;${x}&#39;
  token | value beside a name | likely
    / (?i){NAME}(?:s?["']?(?:[ \t]{1,4}|\s{0,2},\s{0,2})|["']?\)?(?:\.\w{1,24}){1,3}(?: \w{1,12})?[( ]\s?){STRING}
    / (?i){NAME}["'`]?\s?[(\[]\s?["'`]?([^\s"'`\\,;<>()\[\]{}&|]{8,})["'`]?\s?[)\]]
    / (?i){NAME}["'`*_]{0,3}(?:[ \t]*\|[ \t]*|\t+)["'`*]{0,3}({V}{8,})["'`*]{0,3}(?:$|[\s|])
    / (?i){NAME}s{SEP}[\[({]\s*(?:["'`]?\[TOKEN\]["'`]?,\s*)*["'`]?({V}{8,})["'`]?\s*[,\])}]
    / (?i){NAME}s["']?:[ \t]*\r?\n(?:\s*-\s+\[TOKEN\]\s*\n)*\s*-\s+["']?({V}{8,})
    + (setq password "⟦N1gtePz3taRe⟧"), (def api-key "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧")
    + @password "⟦N1gtePz3taRe⟧", "password" "⟦N1gtePz3taRe⟧", 'password' , '⟦N1gtePz3taRe⟧'
    + strcmp(password, "⟦N1gtePz3taRe⟧"), expect(password).toBe("⟦N1gtePz3taRe⟧")
    + apiKey(⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧), password (⟦N1gtePz3taRe⟧)
    + | password | ⟦N1gtePz3taRe⟧ |
    + | DB_PASSWORD | `⟦N1gtePz3taRe⟧` |
    + password⇥⟦N1gtePz3taRe⟧
    + api_keys: [⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧]
    + tokens:⏎  - ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    - unexpected token 'Identifier2', secrets "db-creds-2" not found, token (RFC2616Section4)
    - | token | string | Token2Type |, tokens = [Hello2World, x]
  token | value before the name it is compared with | likely
    / (?i)(?:"([^"\s]{8,})"|'([^'\s]{8,})')\)?(?:\s?[=!]==?\s?|\.equals\(\s?|,\s?)
    \ (?:[\w$]{1,32}(?:\.|->)){0,3}{NAME}(?:$|[\s),;])
    + "⟦N1gtePz3taRe⟧".equals(password)
    + assertEquals("⟦N1gtePz3taRe⟧", config.password)
    - "Content-Type2" == token, 'identifier2' != tok.token
  token | password of a pair | secretive
    / (?i)\b(?:{NAME_OF_PAIR}){Q}?\s?[:=]\s?{Q}?[\w.-]*(?:password|passwd|pwd){Q}?{BEFORE_VALUE}({V}{6,})
    / (?i)\btype=["']?password["']?\s[^<>\n]{0,200}?\bvalue=["']?([^"'<>\s]{6,})
    / (?i)\bvalue=["']?([^"'<>\s]{6,})["']?\s[^<>\n]{0,200}?\btype=["']?password
    + {\"key\":\"password\",\"value\":\"⟦N1gtePz3taRe⟧\"}
    + <input type="password" value="⟦N1gtePz3taRe⟧">
    - {"key":"password","value":"Passwort"}, <input type="password" value="{{ password2 }}">
  token | secret of a pair | likely
    / (?i)\b(?:{NAME_OF_PAIR}){Q}?\s?[:=]\s?{Q}?[\w.-]*(?:token|secret|[_.-]key|api_?key){Q}?{BEFORE_VALUE}({V}{8,})
    / (?i){Q}value{Q}\s?:\s?{Q}({V}{8,}){Q},\s{0,24}{Q}(?:name|key){Q}\s?:\s?{Q}[\w.-]*
    \ (?:password|passwd|pwd|token|secret|[_.-]key|api_?key){Q}
    + {"name":"API_KEY","value":"⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧"}
    + {"name":"token","type":"string","value":"⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧"}
    + {"value":"⟦N1gtePz3taRe⟧","name":"db.password"}
    - {"name":"token","value":"string"}, {"key":"secret","value":"config2"}
    - {"name":"API_KEY","valueFrom":"config2"}
  token | value under the name of several | likely
    / (?i){L}(?:secrets|passwords|credentials|stringdata)["']?\s?[:=][ \t]*(?:\{\s*|\r?\n\s*)
    \ (?:["']?[\w.-]+["']?:\s*["']?\[TOKEN\]["']?,?\s*)*["']?[\w.-]+["']?:\s*["']?({V}{8,})
    + secrets:⏎  db: ⟦N1gtePz3taRe⟧
    + secrets = {"db": "⟦N1gtePz3taRe⟧"}
    + "stringData": {"x": "⟦N1gtePz3taRe⟧"}
    - secrets:⏎  - source: config2Name, credentials: {mode: "same-origin2"}
  """#,
  shorthands: maskingShorthands)
