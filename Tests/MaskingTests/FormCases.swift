import Rules

/// Secrets behind their names in many forms, and what looks like them. As `commandCases`.
let formCases = Rule.table(
  #"""
  a name, and another form than a colon or an equals sign
    + let api_key: &str = "⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧";
    + const API_KEY: &'static str = "⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧";
    + static PASSWORD: &str = "⟦N1gtePz3taRe⟧";
    + var apiKey string = "⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧"
    + Dim password As String = "⟦Winter#2023⟧"
    + std::string password{"⟦N1gtePz3taRe⟧"};
    + const char* token{"⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧"};
    + val token by lazy { "⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧" }
    + password <- "⟦N1gtePz3taRe⟧"
    + (setq password "⟦Tr0ub4dorX3⟧")
    + (def api-key "⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧")
    + @password "⟦N1gtePz3taRe⟧"
    + password "⟦Tr0ub4dorX3⟧"
    + "password" "⟦Winter#2023⟧"
    + 'password' , '⟦N1gtePz3taRe⟧'
    + apiKey(⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧)
    + password == '⟦Winter#2023⟧'
    + password === "⟦N1gtePz3taRe⟧"
    + password != "⟦Tr0ub4dorX3⟧"
    + password.equals("⟦Winter#2023⟧")
    + strcmp(password, "⟦N1gtePz3taRe⟧")
    + password:⏎  '⟦Tr0ub4dorX3⟧'
    + password: |⏎    ⟦Winter#2023⟧
    + password: >-⏎  ⟦N1gtePz3taRe⟧
    + password⏎  = "⟦Tr0ub4dorX3⟧"
    + passwords = ['⟦Winter#2023⟧', 'x']
    + tokens = ["⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧"]
    + api_keys: [⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧]
    + **Password:** ⟦Winter#2023⟧
    + | password | ⟦N1gtePz3taRe⟧ |
    + | DB_PASSWORD | `⟦Tr0ub4dorX3⟧` |
    + password⇥⟦Winter#2023⟧
    + password (⟦N1gtePz3taRe⟧)
    + {"name":"API_KEY","value":"⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧"}
    + {"key":"password","value":"⟦Winter#2023⟧"}
    + <input type="password" value="⟦N1gtePz3taRe⟧">
    + System.setProperty("api.key", "⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧")
    + &quot;password&quot;:&quot;⟦N1gtePz3taRe⟧&quot;
    + password=&#39;⟦N1gtePz3taRe⟧&#39;
    + password=\u0022⟦N1gtePz3taRe⟧\u0022
    + password%3D⟦N1gtePz3taRe⟧
    + let apiKey: String? = "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧"
    + private val password: String = "⟦Tr0ub4dorX3⟧"
    + final String password = "⟦Winter#2023⟧";
    + String token = "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧";
    + var password: string | null = '⟦Tr0ub4dorX3⟧';
    + secret :: String = "⟦Winter#2023⟧"
    + const std::string& apiKey = "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧";
    + password: Final[str] = "⟦Tr0ub4dorX3⟧"
    + my ($password) = '⟦Winter#2023⟧';
    + if [ "$PASSWORD" == "⟦N1gtePz3taRe⟧" ]; then
    + if token == "⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧":
    + assert user.password == '⟦Winter#2023⟧'
    + assert_equal '⟦N1gtePz3taRe⟧', user.password
    + expect(user.password).to eq('⟦Tr0ub4dorX3⟧')
    + expect(secret).toEqual("⟦Winter#2023⟧")
    + password.eq("⟦N1gtePz3taRe⟧")
    + if (!password.equalsIgnoreCase("⟦Tr0ub4dorX3⟧"))
    + Objects.equals(password, "⟦Winter#2023⟧")
    + CASE WHEN password = '⟦N1gtePz3taRe⟧'
    + password <> '⟦Tr0ub4dorX3⟧'
    + -Password '⟦Winter#2023⟧'
    + passwords:⏎  - ⟦N1gtePz3taRe⟧⏎  - x
    + api_keys:⏎  - ⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    + "tokens": [⏎  "⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧"⏎]
    + PASSWORDS=(⟦N1gtePz3taRe⟧)
    + String[] passwords = {"⟦Tr0ub4dorX3⟧", "⟦hunter22x⟧"};
    + secrets = {"db": "⟦Winter#2023⟧"}
    + | Password | `⟦N1gtePz3taRe⟧` |⏎|---|---|
    + | admin | password | ⟦Tr0ub4dorX3⟧ |
    + **API key**: `⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧`
    + - **Token:** `⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧`
    + Password⇥⟦Tr0ub4dorX3⟧
    + token (⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧)
    + password [⟦N1gtePz3taRe⟧]
    + {'name': 'DB_PASSWORD', 'value': '⟦Tr0ub4dorX3⟧'}
    + {"Key":"apiKey","Value":"⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧"}
    + {"name": "token", "type": "string", "value": "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧"}
    + - key: password⏎  value: ⟦Tr0ub4dorX3⟧
    + <setting name="ApiKey"><value>⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧</value></setting>
    + <input value="⟦N1gtePz3taRe⟧" type="password">
    + <input type=password name=pw value=⟦Tr0ub4dorX3⟧>
    + props.put("mail.smtp.password", "⟦Winter#2023⟧");
    + config.set("auth.token", "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧")
    + &quot;api_key&quot;: &quot;⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧&quot;
    + {&#34;password&#34;:&#34;⟦N1gtePz3taRe⟧&#34;}
    - if token == "identifier2" or token != 'utf8mb4':
    - switch (token) { case "Number2": break; }
    - let token: Token = .identifier2
    - password: String = prompt("Password1?")
    - password (required2), token (see RFC6750Section2)
    - | token | The token2 to use |
    - | `token` | string | Token2Value |
    - tokens = ["Hello", "world2!", "Foo+Bar2"]
    - token("KEYWORD2", "ident1")
    - secret "db-credentials-2" not found
    - Unexpected token "Foo2Bar" in JSON at position 12
    - {"name":"token","value":"string"}, {"key":"secret","value":"config2"}
    - {"name": "API_KEY", "valueFrom": {"secretKeyRef": {"name": "app2"}}}
    - <input type="password" value="">
    - <input type="password" value="{{ password2 }}">
    - <label for="password">Password2</label>
    - password:⏎    type: string2⏎  token:⏎    description: foo
    - if password:⏎    check2(password)
    - secrets:⏎  - db_password2⏎  - api_token2
    - secrets:⏎  db_password:⏎    file: ./db_password2.txt
    - https://example.org:8080/path/a1@b2
    - https://example.org/x:y/z1@w2
    - //example.org:8080/x@y
    - see //cdn.example.org/a@1.2.3/x.js
    - git+ssh://git@github.com:org/repo2.git@v1.2.3
    - insert into users (name, password) values (?, ?)
    - INSERT INTO tokens (id, token) VALUES (1, 'word'), (2, 'noun')
    - new PDO($dsn, $user, $pass)
  addresses, connections, queries, commands, files and speech
    + https:\/\/⟦u:N1gtePz3taRe⟧@h\/x
    + https%3A%2F%2F⟦u%3AN1gtePz3taRe⟧%40h%2Fx
    + //⟦u:Winter#2023⟧@h/x
    + https://⟦u:a/bN1gtePz3taRe⟧@h/x
    + https://⟦u:q?Tr0ub4dorX3⟧@h/x
    + new PDO('mysql:host=h', 'root', '⟦Winter#2023⟧')
    + mysqli_connect('h','u','⟦N1gtePz3taRe⟧','db')
    + DriverManager.getConnection(url, "u", "⟦Tr0ub4dorX3⟧")
    + system/⟦Winter#2023⟧@localhost
    + SYSDBA/⟦N1gtePz3taRe⟧@localhost:/db.fdb
    + .logon h/u,⟦Tr0ub4dorX3⟧
    + cvs -d :pserver:u:⟦Winter#2023⟧@h:/x
    + CREATE USER u PASSWORD "⟦N1gtePz3taRe⟧";
    + PASSWORD E'⟦Tr0ub4dorX3⟧'
    + EXEC sp_addlogin 'bob', '⟦Winter#2023⟧'
    + EXEC sp_password NULL, '⟦N1gtePz3taRe⟧', 'sa'
    + db.changeUserPassword('bob', '⟦Tr0ub4dorX3⟧')
    + INSERT INTO users (name, password) VALUES ('bob', '⟦Winter#2023⟧');
    + ALTER CURRENT USER SET PASSWORD FROM 'old1' TO '⟦N1gtePz3taRe⟧'
    + ACL SETUSER bob on >⟦Tr0ub4dorX3⟧ ~*
    + ALTER USER bob IDENTIFIED BY VALUES '⟦Winter#2023⟧'
    + wandb login ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + cargo login ⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    + netlify deploy --auth ⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧
    + gem push --key ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + dotnet nuget push x.nupkg -k ⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧ -s s
    + mc alias set m http://h id ⟦Winter#2023⟧
    + mc config host add m http://h user ⟦N1gtePz3taRe⟧
    + winrs -r:h -u:u -p:⟦Tr0ub4dorX3⟧ cmd
    + snmpwalk -v2c -c ⟦Winter#2023⟧ h
    + echo -e "⟦N1gtePz3taRe\nN1gtePz3taRe⟧" | passwd bob
    + rsync --password-file=<(echo ⟦Tr0ub4dorX3⟧)
    + restic --password-command 'echo ⟦Winter#2023⟧'
    + echo ⟦N1gtePz3taRe⟧ > /run/secrets/pw
    + expect -c 'send "⟦Tr0ub4dorX3⟧\r"'
    + ftp -n <<E⏎user bob ⟦Winter#2023⟧⏎E
    + runas /user:x ⟦N1gtePz3taRe⟧
    + cryptsetup open x y --key ⟦Tr0ub4dorX3⟧
    + +bindpw ⟦Winter#2023⟧
    + ldap.conf:12:bindpw ⟦N1gtePz3taRe⟧
    + bindpw ⟦Tr0ub4dorX3⟧
    + olcRootPW: ⟦Winter#2023⟧
    + *:*:*:postgres:⟦N1gtePz3taRe⟧
    + 127.0.0.1:6379> AUTH ⟦Tr0ub4dorX3⟧
    + AUTH default ⟦Winter#2023⟧
    + Step 3/9 : ENV DB_PASSWORD ⟦N1gtePz3taRe⟧
    + auth_pass ⟦Tr0ub4dorX3⟧
    + [smtp.x.org]:587 ⟦u@x.org⟧:⟦Winter#2023⟧
    + X-Hub-Signature-256: sha256=⟦0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + Stripe-Signature: t=1767225600,v1=⟦0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + aad3b435b51404eeaad3b435b51404ee:⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + secrets:⏎  db: ⟦N1gtePz3taRe⟧
    + ⟦QQQQQQQQQQQQQQ.atlasv1.Kx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5GKx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    + ⟦mfa.h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Yh7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Yh7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Yh7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧
    + ⟦v2.local.qT9xLm2ZpR7vK4sN8wYbC3dFqT9xLm2ZpR7vK4sN8wYbC3dFqT9xLm2ZpR7vK4sN8wYbC3dFqT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + ⟦vf.dm.Kx8Lw2QpZ7nR4tV9yB1cDm5G.qT9xLm2ZpR7vK4sN⟧
    + ⟦AQ.h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Yh7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Yh7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧
    + ⟦pscale_oauth_qT9xLm2ZpR7vK4sN8wYbC3dFqT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + ⟦ATOAKx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    + ⟦A3-ABCDEF-GH1JKL-MN2PQ-RS3TU-VW4XY-Z5ABC⟧
    + https://events.pagerduty.com/integration/⟦0a1b2c3d4e5f60718293a4b5c6d7e8f9/enqueue⟧
    + STRIPE_SK=⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    + COSMOS_PRIMARY_KEY=⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧
    + API key = ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + use the key ⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧ for the API
    + my api key is ⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧
    + pw is ⟦N1gtePz3taRe⟧
    + I use ⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧ as my password
    + I use ⟦Winter#2023⟧ as my password
    + log in as bob with ⟦N1gtePz3taRe⟧
    + credentials are bob / ⟦Tr0ub4dorX3⟧
    + clave: ⟦Winter#2023⟧
    + SALT=⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + ⟦name.Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    + ⟦name:h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧
    + %22password%22%3A%22⟦N1gtePz3taRe⟧%22
    + http:\/\/⟦bob:Tr0ub4dorX3⟧@proxy.example:8080\/
    + "url":"postgres:\\/\\/⟦u:Winter#2023⟧@db\\/x"
    + redirect=https%3a%2f%2fbob%⟦3aP%40h.example⟧%2f
    + <a href="//⟦bob:Tr0ub4dorX3⟧@h.example/x">
    + postgres://⟦u:N1gte/Pz3taRe⟧@h:5432/db
    + mysql://⟦root:p?N1gtePz3taRe⟧@db/x
    + DB::connect("mysql:host=h;dbname=x", "root", "⟦Tr0ub4dorX3⟧");
    + psycopg2.connect("h", "u", "⟦Winter#2023⟧")
    + oci_connect('u', '⟦N1gtePz3taRe⟧', 'h')
    + new mysqli("h", "u", "⟦Tr0ub4dorX3⟧", "db")
    + ldap_bind($c, "cn=a", "⟦Winter#2023⟧")
    + GRANT ALL ON x TO u IDENTIFIED WITH mysql_native_password BY '⟦N1gtePz3taRe⟧'
    + CREATE LOGIN bob WITH PASSWORD = N'⟦Tr0ub4dorX3⟧';
    + CREATE USER bob IDENTIFIED BY ⟦Winter#2023⟧ DEFAULT TABLESPACE x
    + insert into t (id, password_hash, name) values (1, '⟦Tr0ub4dorX3⟧', 'x')
    + INSERT INTO users (password, name) VALUES ('⟦Winter#2023⟧', 'bob'), ('⟦Winter#2023⟧', 'x');
    + flyctl auth token ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + npm login --auth ⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    + hf auth login --token ⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧
    + vault login ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + echo ⟦Tr0ub4dorX3⟧ | sudo tee /etc/secrets/db
    + printf '⟦Winter#2023⟧' > .pass
    + + bindpw ⟦Tr0ub4dorX3⟧
    + olcRootPW: ⟦Winter#2023⟧
    + 12:34:56 bindpw ⟦N1gtePz3taRe⟧
    + - ENV API_TOKEN ⟦Tr0ub4dorX3⟧
    + RUN export X && ENV DB_PASSWORD ⟦N1gtePz3taRe⟧
    + > AUTH ⟦N1gtePz3taRe⟧
    + redis> AUTH bob ⟦Tr0ub4dorX3⟧
    + ⟦jane@example.org⟧:⟦Winter#2023⟧
    + x-signature: sha256=⟦0a1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9⟧
    + secrets:⏎  a: ⟦Tr0ub4dorX3⟧⏎  b: ⟦N1gtePz3taRe⟧
    + credentials:⏎  github: ⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧
    + data: {"password": "⟦N1gtePz3taRe⟧"}
    + SERVICE_SK: ⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    + SESSION_SALT=⟦h7Jd2Kq9Lz4Xv8Bn3Mw6Rt1Y⟧
    + the api key = ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + with token ⟦Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    + set ⟦Winter#2023⟧ as the password
    + log in to h with ⟦N1gtePz3taRe⟧
    + Zugangsdaten sind bob / ⟦Tr0ub4dorX3⟧
    + login: bob / ⟦Winter#2023⟧
    + my pw: ⟦N1gtePz3taRe⟧
    + pw = ⟦Tr0ub4dorX3⟧
    + user bob pass ⟦Winter#2023⟧
    + ⟦acme.qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + ⟦token.Kx8Lw2QpZ7nR4tV9yB1cDm5G⟧
    - connect(button, "clicked", "on_click2")
    - db.connect("localhost", "user2", password)
    - checkPassword(user, "password")
    - user.updatePassword(id, 'newPassword')
    - git commit -k 9fceb02d0ae598e95dc970b74767f19372d61af8
    - sort -k internationalization2 --key 3,3n
    - gpg --key 0A1B2C3D4E5F60718293A4B5C6D7E8F90A1B2C3D
    - npm login --scope=@org2
    - echo $TOKEN > /run/secrets/token
    - echo "done" > token.txt
    - snmpwalk -v2c -c public localhost
    - runas /user:administrator cmd.exe
    - the bindpw is set in /etc/ldap.conf
    - ENV NODE_KEY production
    - AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2
    - SMTP AUTH mechanism SCRAM-SHA256
    - git@gitlab.example.org:Group2Name/Project3Name.git
    - ssh://git@host.example:2222/x
    - signature: sha256 = <hash>
    - github.com/a/b v1.2.3 h1:qT9xLm2ZpR7vK4sN8wYbC3dFqT9xLm2ZpR7vK4sN8wY=
    - SHA256:qT9xLm2ZpR7vK4sN8wYbC3dFqT9xLm2ZpR7vK4sN8wY
    - id:qT9xLm2ZpR7vK4sN8wYbC3dF
    - session.qT9xLm2ZpR7vK4sN8wYbC3dF
    - node_modules/.pnpm/foo@1.2.3_qT9xLm2ZpR7vK4sN8wYbC3dF
    - chunk.qT9xLm2ZpR7vK4sN8wYbC3dF.js
    - main:qT9xLm2ZpR7vK4sN8wYbC3dF
    - foo:theThirdOf3OrdersComesBack2TimesOnly
    - did:key:z6MkhaXgBZDvotDkL5257faiztiGiC2QtKLGpbnnEGta2doK
    - arn:aws:iam::123456789012:role/Foo2Bar
    - use the key 9fceb02d0ae598e95dc970b74767f19372d61af8
    - use the token RefreshTokenForUser2Session3
    - log in as root with sudo2user
    - used base64 as the password encoding, use Argon2id as the password hash
    - credentials: include
    - login: bob / admin
    - PRIMARY_KEY=0a1b2c3d4e5f60718293a4b5c6d7e8f9
    - PUBLIC_KEY=qT9xLm2ZpR7vK4sN8wYbC3dF
    - let x = +12345678901;
    - version 212-555-0123-rc1
    - hg@bitbucket.org:o/r
    - svn@example.org:trunk/x
    - gitea@git.example.org:o/r.git
    - aur@aur.archlinux.org:x.git
    - SELECT * FROM emp@remote.world
    - decorator@app.route
    - a%40b.py
    - password_hash == "Foo2Bar3Baz"
    - private static final String TOKEN_TYPE = "Bearer2x";
    - const PASSWORD_REGEX: &str = "^[a-z0-9]+$";
    - password: z.string().min(8),
    - token: Option<&'static str> = None
    - secret: Some("name2")
    - var tokenUrl string = "https://example.org/oauth2/token"
    - val passwordField by lazy { findViewById2<EditText>("password2") }
  """#)
