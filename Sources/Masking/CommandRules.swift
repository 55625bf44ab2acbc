internal import Rules

/// Passwords and tokens that are given to programs: in a connection, a query, a line of a shell. As
/// `tokenRules`.
let commandRules = Rule.table(
  #"""
  token | password before a network and its address | given
    / {L}[\w.-]+:([^\s@:"'`/<>]+)@(?:tcp[46]?|udp|unix|cloudsql)?\(
    / {L}[\w.-]+:([^\s@:"'`/<>]{4,})@/\w
    / :(?:pserver|gserver|kserver|sspi|ext):[^\s:@"']+:([^\s:@"']{4,})@
    + user:⟦N1gtePz3taRe⟧@tcp(db:3306)/app
    + user:⟦N1gtePz3taRe⟧@/app
    + cvs -d :pserver:u:⟦N1gtePz3taRe⟧@h:/x
    - user:${PASSWORD}@tcp(db:3306)/app, user:password@/app, import a from '@/b'
  token | password before a bare address | given
    / {L}[\w.-]+/[\w.-]+:([^\s@:"'`/<>]{6,})@(?:\d{1,3}\.){3}\d{1,3}
    + psexec.py dom/bob:⟦N1gtePz3taRe⟧@10.9.8.7
    - dom/bob:$PASSWORD@10.9.8.7 and dom/bob@10.9.8.7
  token | password before a host and its port | secretive
    / {L}[\w.+-]{1,40}[:/]([^\s@:"'`/<>]{6,})@[A-Za-z0-9][\w.-]*:\d{2,5}(?:$|[^\w.:@-])
    + bob:⟦N1gtePz3taRe⟧@db.example:5432/app
    + scott/⟦N1gtePz3taRe⟧@db.example:1521/orcl
    - user:password@host:5432/app, npm:react@18.2.0, nginx:1.25@sha256:3f8a91c0, main.c:read2@io.c:12
  token | password behind a user and a slash | given
    / (?i)(?:jdbc:oracle:\w+:|\b{ORACLE}(?: -\w+| target)* )["']?[\w$#]+/([^\s/@"']{4,})@
    / {L}[\w$#]{2,}/([^\s/@"'`]{6,})@//[\w.-]+
    + jdbc:oracle:thin:scott/⟦N1gtePz3taRe⟧@db:1521:x
    + sqlplus scott/⟦N1gtePz3taRe⟧@orcl
    - see docs/readme@orcl
  token | password behind a user and a slash, without a host | secretive
    / \b(?:exp|imp) ["']?[\w$#]+/([^\s/@"']{6,})["']? \w+=
    / (?i)\b(?:sqlplus|sqlldr|expdp|impdp|rman)(?: -\w+| target)* ["']?[\w$#]+/([^\s/@"']{6,})
    / (?i){L}(?:sys|system|sysdba|sysman|scott|internal)/([^\s/@"'`]{6,})@[\w.-]
    / {L}[\w$#]{2,}/([^\s/@"'`]{6,})@localhost(?:$|[^\w.-])
    / (?i)(?:^|\s)\.?logon\s+[\w.-]+/[\w.-]+,\s?({V}{6,})
    / (?i)(?:^|\n|> ?|;)conn(?:ect)? [\w$#]+/([^\s/@"';]{6,})(?:$|;| as sys|[\r\n])
    + impdp system/⟦N1gtePz3taRe⟧ schemas=a
    + system/⟦N1gtePz3taRe⟧@localhost and SYSDBA/⟦N1gtePz3taRe⟧@localhost:/db.fdb
    + .logon h/u,⟦N1gtePz3taRe⟧
    + SQL> connect hr/⟦N1gtePz3taRe⟧
    - exp value/other2 file, connect origin/main2 to it, rman a/b
  token | value of a connection in braces | secretive
    / (?i)\b(?:pwd|password)=\{((?:[^{}\n]|\}\}){4,})\}
    + Server=db;UID=sa;PWD={⟦N1gtePz3taRe⟧};
    - PWD={password}; PWD={0}; pwd={self.password2}
  token | password of SQL | given
    / (?i)\bpassword(?:\s{1,3}|\s{0,3}=\s{0,3})[NE]?'([^'\n]{3,})'
    / (?i)\b(?:user|role|login)\s+\S+\s+(?:with\s+|set\s+)?password\s+"([^"\n]{3,})"
    / (?i)\bpassword\s+from\s+(?:'[^'\n]*'\s+to\s+)?'([^'\n]{3,})'
    / (?i)\bsp_(?:addlogin\s+N?'[^'\n]*'\s*,|password\s+(?:(?:NULL|N?'[^'\n]*')\s*,)?)\s*N?'([^'\n]{3,})'
    / (?i)\bacl\s+setuser\s+\S+\s(?:[^\n]*?\s)?>(\S{4,})
    / (?i)\bidentified\s+(?:with\s+\S+\s+)?(?:by|as)\s+(?:password\s+|values\s+)?
    \ (?:'([^'\n]{3,})'|"([^"\n]{3,})")
    / (?i)\bconnect\s+to\s+\S+\s+identified\s+by\s+([^\s'";]{4,})
    / (?i)\bidentified\s+by\s+([^\s'";]{4,})\s+
    \ (?:using\s+'|default\s+tablespace|account\s+(?:un)?lock|replace\s)
    / (?i)\bset\s+password\s+for\s+[^=\n]{1,60}=\s*(?:password\()?'([^'\n]{3,})'
    / (?i)\b(?:old_)?password\(\s*'([^'\n]{3,})'\s*\)
    / (?i)\b(?:connect|attach)\s+to\s+\S+\s+user\s+\S+\s+using\s+["']?([^\s"';]{4,})
    / (?i)\bpragma\s+(?:\w+\.)?(?:hex|text)?(?:re)?key\s*=\s*["'x]{1,2}([^"'\n]{3,})["']
    / (?i)\battach\s+(?:database\s+)?["'][^;\n]*?\bkey\s+'([^'\n]{4,})'
    + ALTER USER bob WITH PASSWORD '⟦N1gtePz3taRe⟧';
    + CREATE USER a IDENTIFIED BY '⟦N1gtePz3taRe⟧';
    + CONNECT TO u IDENTIFIED BY ⟦N1gtePz3taRe⟧ USING 'x'
    + db2 connect to x user y using ⟦N1gtePz3taRe⟧
    + ALTER USER bob IDENTIFIED BY VALUES '⟦N1gtePz3taRe⟧'
    + CREATE USER u PASSWORD "⟦N1gtePz3taRe⟧"; ALTER ROLE u PASSWORD E'⟦N1gtePz3taRe⟧'
    + EXEC sp_addlogin 'bob', '⟦N1gtePz3taRe⟧'; EXEC sp_password NULL, '⟦N1gtePz3taRe⟧', 'sa'
    + ALTER CURRENT USER SET PASSWORD FROM 'old' TO '⟦N1gtePz3taRe⟧'
    + ACL SETUSER bob on >⟦N1gtePz3taRe⟧ ~*
    + PRAGMA key='⟦N1gtePz3taRe⟧';
    - WITH PASSWORD '$1' and the password 'required', data['password'] = data['confirm']
    - PRAGMA foreign_keys='ON', IDENTIFIED BY ?, attach to it, KEY 'name' ('user')
  token | password of a user in SQL, without quotes | given
    / (?i)\b(?:user|role|login)\s+\S+\s+identified\s+by\s+([^\s'";]{4,})
    + create user bob identified by ⟦N1gtePz3taRe⟧;
    - ALTER USER bob IDENTIFIED BY VALUES 'x', user bob identified by password 'x'
  token | secret in a column of SQL | secretive
    / (?i)\binsert\s+into\s[^()\n]{1,80}\((?:
    \ \s*{SECRET_COLUMN}[^()]*\)\s*{VALUES}N?'([^'\n]{6,})'|
    \ \s*{COLUMN},\s*{SECRET_COLUMN}[^()]*\)\s*{VALUES}{COLUMN_VALUE},\s*N?'([^'\n]{6,})'|
    \ \s*(?:{COLUMN},\s*){2}{SECRET_COLUMN}[^()]*\)\s*{VALUES}(?:{COLUMN_VALUE},\s*){2}N?'([^'\n]{6,})'|
    \ \s*(?:{COLUMN},\s*){3}{SECRET_COLUMN}[^()]*\)\s*{VALUES}(?:{COLUMN_VALUE},\s*){3}N?'([^'\n]{6,})'|
    \ [^()]*,\s*{SECRET_COLUMN}\)\s*{VALUES}(?:{COLUMN_VALUE},\s*)*N?'([^'\n]{6,})'\s*\))
    + INSERT INTO users (name, password) VALUES ('bob', '⟦N1gtePz3taRe⟧');
    + insert into app.users (id, "email", api_token, x) values (1, 'a', '⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧', now())
    + INSERT INTO u (password, name) VALUES ('[TOKEN]', 'a'), ('⟦N1gtePz3taRe⟧', 'b')
    - INSERT INTO users (name, password) VALUES ('bob2345', ?), INSERT INTO t (token, n) VALUES ('name', 2)
  token | secret among values of SQL whose columns are not named | row
    / (?i)\b(?:insert|replace)\s+(?:ignore\s+)?into\s+[^\s()]{1,80}\s+values\s*(\([^;]{1,1000})
    + INSERT INTO users VALUES (1, 'bob', '⟦N1gtePz3taRe⟧');
    + replace into users values ("bob", "⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧", now())
    + INSERT INTO u VALUES ('a', '[TOKEN]'), ('b', '⟦N1gtePz3taRe⟧')
    - INSERT INTO users VALUES (1, 'bob2345', '2026-05-02', 'jane.doe@example', 'UserNameTwo', 'v1.2.3', 'a b1C d')
    - INSERT INTO t VALUES (?, 'da39a3ee5e6b4b0d3255bfef95601890afd80709', '123e4567-e89b-12d3-a456-426614174000')
  token | secret of SQL | secretive
    / (?:^|\n|> ?)AUTH (?:\w+ )?({V}{6,})(?:$|[\r\n])
    / (?:\bUSER \S+\s+|\bquote )PASS ({V}{6,})(?:$|[\r\n])
    / (?i)\bsecret(?:\s{1,3}|\s{0,3}=\s{0,3})N?'([^'\s]{6,})'
    / (?i)\b(?:pgp_(?:sym|pub)_(?:en|de)crypt\w*|aes_(?:en|de)crypt|des_(?:en|de)crypt)
    \ \((?:\s*'[^'\n]*'|[^'(),\n]*(?:\([^()\n]*\)[^'(),\n]*)?),\s*'([^'\s]{6,})'\s*[,)]
    / (?i)\b(?:crypt|encryptbypassphrase)\(\s*'([^'\s]{6,})'\s*,
    / (?i)\.(?:en|de)crypt\([^()\n]*,\s*(?:"([^"\s]{6,})"|'([^'\s]{6,})')\s*\)
    + CREATE SECRET s (TYPE s3, SECRET '⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧');
    + SELECT pgp_sym_encrypt('x', '⟦N1gtePz3taRe⟧');
    + CryptoJS.AES.encrypt(text, "⟦N1gtePz3taRe⟧")
    - SECRET 'secret', pgp_sym_encrypt(x, $1), crypt(a, 'password'), cipher.encrypt(text, 'utf-8')
  token | password that is handed over to connect | secretive
    / (?i)(?:\bpdo|\bmysqli|connect|_bind|_login|_auth_password|imap_open|getconnection|createconnection|openconnection)\(
    \ (?:\s*{ARGUMENT},){2}\s*(?:"([^"\s]{6,})"|'([^'\s]{6,})')\s*[,)]
    / (?i)\b(?:oci_connect|oci_pconnect|oci_nconnect)\(\s*{ARGUMENT},\s*(?:"([^"\s]{6,})"|'([^'\s]{6,})')\s*[,)]
    / (?i)password\w*\(\s*{ARGUMENT},\s*(?:"([^"\s]{6,})"|'([^'\s]{6,})')\s*[,)]
    + new PDO('mysql:host=h', 'root', '⟦N1gtePz3taRe⟧'); mysqli_connect('h','u','⟦N1gtePz3taRe⟧','db')
    + DriverManager.getConnection(url, "u", "⟦N1gtePz3taRe⟧"); db.changeUserPassword('bob', '⟦N1gtePz3taRe⟧')
    - new PDO($dsn, 'root', 'password'), getConnection(url, "u", password2), resetPassword(user, 'email')
  token | user and password that are handed over | secretive
    / (?i)\b\w*(?:auth|credentials?|login|sign_?in)["']?\s?[:=]?\s?\(\s*
    \ ["'][^"'\n]{1,64}["'],\s*(?:"([^"\s]{6,})"|'([^'\s]{6,})')\s*[,)]
    + HTTPBasicAuth('bob', '⟦N1gtePz3taRe⟧'), db.auth("bob", "⟦N1gtePz3taRe⟧")
    + auth=("bob", "⟦N1gtePz3taRe⟧")
    - auth=(user, password), authorize('admin', 'edit_post'), login("bob", "password")
  token | password of a login | given
    / {L}sshpass\s+-p\s*=?{VALUE}
    / {L}{LOGIN}\s+(?:[\w-]+\s+){0,2}login\s(?:[^\n|;&]*?\s)?--?p(?:[ =]{VALUE}|{QUOTED})
    / {L}{CLIENT_P}\s(?:[^\n|;&]*?\s)?--?p(?:[ =]{VALUE}|{QUOTED})
    / {L}{CLIENT_A}\s(?:[^\n|;&]*?\s)?-a\s*{VALUE}
    / {L}{CLIENT_CAPITAL_P}\s(?:[^\n|;&]*?\s)?-P\s*{VALUE}
    / {L}(?:smbclient|winexe|rpcclient|smbget|net)\s(?:[^\n|;&]*?\s)?
    \ -U\s*["']?[\w.\\/-]+%({V}{4,})
    / {L}smbclient\s+(?:-\w+\s+)*["']?(?://|\\\\)\S+\s+({V}{4,})\s+-U
    / {L}lftp\s(?:[^\n|;&]*?\s)?-u\s+[\w.-]+,({V}{4,})
    / {L}(?:xfreerdp|mstsc|rdesktop)\s(?:[^\n|;&]*?\s)?/p:{VALUE}
    / {L}snmp\w+\s(?:[^\n|;&]*?\s)?-[AX]\s*{VALUE}
    / {L}SSHPASS={VALUE}
    / {L}mc\s+(?:alias\s+set|config\s+host\s+add)\s+\S+\s+\S+\s+\S+\s+{VALUE}
    / {L}winrs\s(?:[^\n|;&]*?\s)?[-/]p(?:assword)?:{VALUE}
    / {L}cryptsetup\s[^\n|;&]*?\s--key[ =]{VALUE}
    / \s--?[\w-]*pass\w*-(?:file|command|cmd)[ =]\\*["']?(?:<\()?\s?(?:echo|printf)\s+(?:-\w+\s+)?\\*["']?({V}{4,})
    + sshpass -p ⟦N1gtePz3taRe⟧ ssh root@h
    + docker login -u me -p ⟦N1gtePz3taRe⟧ reg.example
    + podman login -p=⟦N1gtePz3taRe⟧ -u me
    + redis-cli -h c -a ⟦N1gtePz3taRe⟧ ping
    + SSHPASS=⟦N1gtePz3taRe⟧ sshpass -e ssh h
    + mc alias set m http://h id ⟦N1gtePz3taRe⟧
    + winrs -r:h -u:u -p:⟦N1gtePz3taRe⟧ cmd
    + rsync --password-file=<(echo ⟦N1gtePz3taRe⟧) a b; restic --password-command 'echo ⟦N1gtePz3taRe⟧' x
    + snmpget -v3 -u bob -A ⟦N1gtePz3taRe⟧ -x AES h
    - sshpass -p $PASS ssh h, docker run -p 8080:80 x, ssh -p 2222 host, docker login -p password
    - SSHPASS=$PASS sshpass -e ssh h, podman login --password-stdin, redis-cli -n 12
  token | password that a command sets or takes | given
    / {L}ldap(?:search|modify|add|delete|whoami|passwd|compare|modrdn)
    \ \s(?:[^\n|;&]*?\s)?-w\s*{VALUE}
    / {L}(?:ldappasswd|slappasswd)\s(?:[^\n|;&]*?\s)?-[sa]\s*{VALUE}
    / {L}(?:7z[ar]?|unrar|rar)\s(?:[^\n|;&]*?\s)?-(?:hp|p)["']?({V}{4,})
    / {L}(?:htpasswd|mosquitto_passwd)\s+-[A-Za-mo-z]*b[A-Za-mo-z]*\s+\S+\s+\S+\s+{VALUE}
    / {L}htpasswd\s+-\w*(?:n\w*b|b\w*n)\w*\s+\S+\s+{VALUE}
    / {L}samba-tool\s+user\s+(?:create|add|setpassword)\s+\S+\s+{VALUE}
    / {L}rclone\s+obscure\s+{VALUE}
    / {L}(?i:net\s+user)\s+\S+\s+({V}{4,})\s+/(?i:add)
    / {L}(?i:net\s+use)\s+(?:\S:\s+)?\\\S+\s+({V}{4,})\s+/(?i:user):
    / {L}(?i:net\s+use)\s[^\n|;&]*?/(?i:user):\S+\s+{VALUE}
    / {L}openssl\s[^\n|;&]*?\s-k\s+{VALUE}
    / {L}mysqladmin\s[^\n|;&]*?\spassword\s+{VALUE}
    / {L}ssh-keygen\s(?:[^\n|;&]*?\s)?-[NP]\s*{VALUE}
    / {L}rabbitmqctl\s+(?:add_user|change_password)\s+\S+\s+{VALUE}
    / {L}signtool\s(?:[^\n|;&]*?\s)?/p\s+{VALUE}
    / {L}gh\s+secret\s+set\s(?:[^\n|;&]*?\s)?(?:--body|-b)[ =]{VALUE}
    / {L}security\s+add-[\w-]+\s(?:[^\n|;&]*?\s)?-w\s+{VALUE}
    / (?i)\bconvertto-securestring\s+(?:-string\s+)?["']([^"'\n]{4,})["']
    / (?i)password='\\''([^\s"'`\\]{4,})'
    + ssh-keygen -t rsa -N ⟦N1gtePz3taRe⟧ -f k
    + gh secret set TOKEN --body ⟦N1gtePz3taRe⟧
    + signtool sign /f a.pfx /p ⟦N1gtePz3taRe⟧ a.exe
    + net use z: \\s\x /user:u ⟦N1gtePz3taRe⟧
    + ConvertTo-SecureString '⟦N1gtePz3taRe⟧' -AsPlainText
    + psql 'host=h password='\''⟦N1gtePz3taRe⟧'\'''
    - ConvertTo-SecureString $password -AsPlainText, gh secret list, ssh-keygen -t rsa -N "" -f a12
  token | key that is given to a command | code
    / \s(?:login|auth|--?auth|--?key|-k|--?api-?key)[ =]["']?([\w+/.]{V}{15,})
    + wandb login ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧; cargo login ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + netlify deploy --auth ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧; dotnet nuget push x.nupkg -k ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧ -s s
    - apt-key --key 9fceb02d0ae598e95dc970b74767f19372d61af8, sort -k internationalization2, login someUserName2OfThis
  token | password that is written to a file or sent | secretive
    / {L}snmp\w+\s(?:[^\n|;&]*?\s)?-c\s*{VALUE}
    / {L}(?:echo|printf)\s+(?:-\w+\s+)*["']?({V}{6,})["']?\s*(?:>{1,2}|\|\s*(?:sudo\s+)?tee(?:\s-a)?)\s*["']?\S*(?:secrets?/|passw|\.pass|token|_pw|/pw|\.key)
    / {L}expect\s[^\n]*?\bsend\s+(?:--\s+)?\\*"([^"\n\\]{6,})\\+[rn]
    / {L}ftp\s[^\n]*(?:\n|\\n)\s*user\s+\S+\s+({V}{6,})
    / {L}runas\s[^\n|;&]*?/user:\S+\s+({V}{6,})
    + snmpwalk -v2c -c ⟦N1gtePz3taRe⟧ h
    + echo ⟦N1gtePz3taRe⟧ > /run/secrets/pw
    + expect -c 'send "⟦N1gtePz3taRe⟧\r"'
    + ftp -n <<E⏎user bob ⟦N1gtePz3taRe⟧⏎E
    + runas /user:x ⟦N1gtePz3taRe⟧
    - snmpwalk -c public h, echo $PASS > secrets/pw, runas /user:x cmd.exe, expect "a" send "ls2\r"
  token | second password of a command | given
    / {L}ssh-keygen\s[^\n|;&]*\s-[NP]\s*{VALUE}
    / {L}snmp\w+\s[^\n|;&]*\s-[AX]\s*{VALUE}
    / (?i)\bidentified\s+by\s+\S+\s+replace\s+["']?([^\s"';]{4,})
    + ssh-keygen -p -P 'old' -N '⟦N1gtePz3taRe⟧' -f k
    + alter user scott identified by new replace "⟦Alt3sPasswort⟧"
    - ssh-keygen -p -P 'old' -N '' -f k, identified by new replace $OLD
  token | password of an option that says so | given
    / (?:-pass(?:in|out|word)?\s+|\s)pass:({V}{4,})
    / \s--?[\w.-]*pass(?:wd|word|phrase)?=\\*["']?({V}{4,})
    / \s--?(?:store|key|dest|src)pass(?:word)?[ =]\\*["']?({V}{4,})
    / \s/(?:pass|password|pwd|pw):["']?({V}{4,})
    / \s--(?:src-|dest-)?creds[ =]\\*["']?[\w.@+-]+:({V}{4,})
    / (?i)assword[^\n]{0,80}?\bsend\s+(?:--\s+)?\\*"([^"\n\\]{4,})\\+[rn]
    + openssl rsa -passin pass:⟦N1gtePz3taRe⟧ -in k.pem
    + skopeo --creds=u:⟦N1gtePz3taRe⟧ list-tags docker://a
    + mysqldump --password=⟦horse⟧ shop
    - --password=$PASS --creds $CREDS --pass=true, render --passes=12345
  token | password beside a user's name | strong
    / \s(?:-u|-U|-l|--?user(?:name)?|--?login)[ =]["']?[^\s"'|;&]+["']?\s(?:[^\n|;&]*?\s)?
    \ (?:-p|-pw|-P)\s?=?{PLAIN_VALUE}(?:$|[\s"'`|;&])
    / \s(?:-p|-pw|-P)\s?=?{PLAIN_VALUE}["']?\s(?:[^\n|;&]*?\s)?(?:-u|-U|--?user(?:name)?)[ =]
    / \s(?:/ru\s\S+\s/rp|-pw)\s+{PLAIN_VALUE}(?:$|[\s"'`|;&])
    + evil-winrm -i h -u bob -p '⟦N1gtePz3taRe⟧'
    + twine upload -p ⟦N1gtePz3taRe⟧ -u bob dist/*
    + plink -ssh bob@h -pw ⟦N1gtePz3taRe⟧
    - sudo -u bob mkdir -p data12, docker run -u 1000 -p 127.0.0.1:80:80 x, sudo -u postgres psql -p 5433
  token | password that a command reads | given
    / {L}echo\s+-?n?\s*["']?[\w.-]+:({V}{4,})["']?\s*\|\s*(?:sudo\s+)?chpasswd
    / {L}(?:echo|printf|yes|cat\s<<<)\s+(?:-\w+\s+)*(?:["'][^"'\n|]*%s[^"'\n|]*["']\s+)?
    \ (?:"([^"\n|]{4,})"|'([^'\n|]{4,})'|({V}{4,}))\s*\|\s*(?:\w+=\S+\s+)*{READER}
    / {L}{READER}[^\n|;&]*?<<<\s*{VALUE}
    / {L}{READER}[^\n|;&]*?<<-?\s?["']?\w+["']?(?:\r?\n|\\n)\s*({V}{4,})
    + echo ⟦N1gtePz3taRe⟧ | sudo -S ls
    + sudo -S apt update <<< "⟦Sommer2024!⟧"
    + echo 'bob:⟦N1gtePz3taRe⟧' | chpasswd
    - echo $PASS | sudo -S ls, echo hello12 | sudo tee /etc/x, echo 1234 | sudo dd of=x
  token | user and password of a command | given
    / {L}(?:curl|https?|xh|wget|lwp-request|ab|siege)\s(?:[^\n|;]*?\s)?
    \ (?:-[A-Za-z]{0,4}u|--user|-a|--auth|-A|-U|--proxy-user)[ =]?
    \ (?:["'][\w.@+%\\-]*:([^"'\n]{4,})["']|["']?[\w.@+%\\-]*["']?:["']?({V}{4,}))
    + curl -s -u admin:⟦secret99⟧ https://x.org
    + curl --user 'a:⟦battery horse⟧' x
    - curl -u $USER:$PASS x, curl -u user:password x, git push -u origin:branch99
  token | password joined to an option | letters
    / {L}(?:mysql(?:dump|admin|import|check|show|sh)?|mariadb(?:-dump|-admin)?)
    \ \s(?:[^\n|;&]*?\s)?-p["']?({V}{4,})
    + mysql -h db -uroot -p⟦hunter2⟧ shop
    - mysql -p shop, mysql -p$PASS shop, docker run mysql -p3306:3306
  token | credential of a program that is set up | digits
    / {L}(?:ENV|ARG)\s\s*{ENVIRONMENT_NAME}\s+{VALUE}
    / {L}(?:setx(?:\s+/[mM])?|setenv|set\s+-\w+)\s+{ENVIRONMENT_NAME}\s+{VALUE}
    / {L}wpa_passphrase\s+\S+\s+{VALUE}
    / {L}(?:requirepass|masterauth)\s+{VALUE}
    / {L}iwconfig\s[^\n|;&]*?\skey\s+s:({V}{5,})
    / {L}isql\s+\S+\s+\S+\s+({V}{6,})
    / {L}\w+_pw\s+({V}{6,})
    / {L}doctl\s+auth\s[^\n|;&]*?-t\s+{VALUE}
    / (?i)\b(?:configure|config)\s+(?:set|add)\s+\S*(?:key|token|secret|password|auth)\s+{VALUE}
    / (?i)\bconfig\s+(?:-\S+\s+)*\S*(?:key|token|secret|password)\.\S*\s+{VALUE}
    / (?i)\bconfig\s+(?:-\S+\s+)*http-basic\.\S+\s+\S+\s+{VALUE}
    / (?i)\b(?:authtoken|add-authtoken|vault login|set-token|with-token|setapikey)\s+{VALUE}
    / (?i)\bset-\w+-token\s+\w+\s+{VALUE}
    / (?i)\brclone\s[^\n]{0,200}?\b(?:secret_access_key|client_secret|token|pass)[ =]{VALUE}
    + aws configure set aws_secret_access_key ⟦hY3U8kb6IvtIbpgXlFwzQQzmEoWlPuZwnCETIPgJ⟧
    + ENV API_TOKEN ⟦qT9xLm2ZpR7v⟧
    + rclone config create r s3 secret_access_key ⟦hY3U8kb6IvtIbpgXlFwzQQzmEoWlPuZwnCETIPgJ⟧
    + wpa_passphrase net ⟦N1gtePz3taRe⟧
    + requirepass ⟦N1gtePz3taRe⟧
    + poetry config http-basic.foo bob ⟦N1gtePz3taRe⟧
    - git config set user.key value1, ARG NODE_KEY short
    - CONFIG GET requirepass, requirepass directive is needed, rclone copy a token
  """#,
  shorthands: maskingShorthands)
