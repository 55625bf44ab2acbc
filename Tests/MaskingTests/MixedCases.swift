import Rules

/// The same kinds in other words, quotes and surroundings. As `commandCases`.
let mixedCases = Rule.table(
  #"""
  passwords in other surroundings
    + HTTP_PROXY=http://EMEA\⟦k.meier:Winter#2023⟧@webproxy.example:8080
    + git config --global http.proxy http://dom\\⟦jane:Xk92-plo⟧@proxy:8080
    + PWD={⟦Winter#2023⟧}
    + DSN=x;UID=sa;Pwd={⟦k;x92plo⟧};
    + jane:⟦Xk92plo7⟧@redis.internal:6379/0
    + amqp jane:⟦Winter#2023⟧@rabbit:5672
    + sqlplus /nolog; connect jane/⟦Xk92plo7⟧@orcl
    + sqlplus "sys/⟦Winter#2023⟧@db as sysdba"
    + expdp jane/⟦Xk92plo7⟧ directory=d
    + rman target sys/⟦Xk92plo7⟧@db
    + db2 connect to prod user jane using '⟦Winter#2023⟧'
    + PRAGMA cipher_x; PRAGMA rekey = '⟦correct horse⟧'
    + CREATE SECRET x (TYPE GCS, KEY_ID 'k', SECRET '⟦Xk92plo7mQ⟧')
    + SELECT pgp_sym_decrypt(data::bytea, '⟦Winter#2023⟧')
    + pgp_sym_encrypt(name, '⟦Xk92plo7⟧', 'cipher-algo=aes256')
    + nerdctl login -p ⟦Xk92plo7⟧ -u jane reg.example
    + docker login -p='⟦Winter#2023⟧' -u jane
    + buildah login --username jane --password ⟦Xk92plo7⟧ reg
    + helm registry login r.example -u jane -p ⟦Xk92plo7⟧
    + twine upload --repository x -u jane -p "⟦Winter#2023⟧" dist/a.whl
    + skopeo sync --dest-creds jane:⟦Xk92plo7⟧ a b
    + podman pull --creds=jane:⟦Winter#2023⟧ reg/x
    + redis-cli -h h -p 6379 -a '⟦Winter#2023⟧' --no-auth-warning
    + valkey-cli --pass ⟦Xk92plo7⟧ ping
    + ansible_password=⟦Xk92plo7⟧ ansible_user=jane
    + ansible_become_password: "⟦Winter#2023⟧"
    + host1 ansible_host=h ansible_sudo_pass=⟦Xk92plo7⟧
    + ssh-keygen -q -t ed25519 -N '⟦Winter#2023⟧' -f ~/.ssh/k
    + ssh-keygen -y -P ⟦Xk92plo7⟧ -f k
    + ldappasswd -x -D cn=a -w ⟦Xk92plo7⟧ -s ⟦Winter#2023⟧ uid=b
    + ldapsearch -x -H ldap://h -D cn=a -w ⟦Xk92plo7⟧
    + sudo -S -u jane id <<< '⟦Winter#2023⟧'
    + sudo -S -- ls <<<⟦Xk92plo7⟧
    + echo "⟦Xk92plo7⟧" | sudo -S systemctl restart x
    + echo -n ⟦Xk92plo7⟧ | sudo --stdin ls
    + sudo -S ls <<EOF⏎⟦Xk92plo7⟧⏎EOF
    + yes ⟦Xk92plo7⟧ | sudo -S ls
    + gh auth login --with-token <<< "⟦Xk92plo7mQ4tV9yB1cD⟧"
    + echo "⟦Xk92plo7mQ4tV9yB1cD⟧" | gh auth login --hostname h --with-token
    + glab auth login --token ⟦Xk92plo7mQ4tV9yB1cD⟧
    + echo ⟦Xk92plo7⟧ | docker login --username jane --password-stdin
    + cat <<< ⟦Xk92plo7⟧ | docker login -u jane --password-stdin
    + echo ⟦Xk92plo7⟧ | kinit jane
    + printf "%s" "⟦Xk92plo7⟧" | kinit -V jane
    + echo ⟦Xk92plo7⟧ | helm registry login -u jane --password-stdin r
    + echo ⟦Xk92plo7⟧ | su - root -c id
    + echo "⟦Xk92plo7⟧" | passwd --stdin jane
    + echo "⟦Xk92plo7⟧" | cryptsetup open --type luks /dev/sdb x
    + sshpass -p='⟦Xk92plo7⟧' ssh h
    + sshpass -p ⟦hunter2⟧ rsync -a x h:
    + smbclient '\\h\s' -U 'EMEA\jane%⟦Xk92plo7⟧'
    + rpcclient -U jane%⟦Xk92plo7⟧ h
    + smbclient //h/s ⟦Xk92plo7⟧ -U jane
    + net use x: \\h\s ⟦Winter#2023⟧ /user:jane
    + net use \\h\IPC$ /user:EMEA\jane ⟦Xk92plo7⟧
    + NET USE * \\h\s /USER:jane "⟦Xk92plo7⟧" /persistent:no
    + mongosh "mongodb://h/db" -u jane -p ⟦Xk92plo7⟧
    + mongo --username jane --password '⟦Winter#2023⟧' db
    + az login -u jane -p '⟦Winter#2023⟧'
    + az login --service-principal --username a --password ⟦Xk92plo7⟧ --tenant t
    + aws configure set aws_secret_access_key "⟦hY3U8kb6IvtIbpgXlFwzQQzmEoWlPuZwnCETIPgJ⟧" --profile p
    + mysql -u jane -p"⟦Winter#2023⟧" -h db
    + mysql -h db -P 3306 -ujane -p⟦xk92plo⟧
    + mysqldump -uroot -p⟦Xk92plo7⟧ --all-databases
    + PGPASSWORD="⟦Winter#2023⟧" pg_dump -h db
    + PGPASSWORD=⟦horse⟧ psql -U jane
    + openssl genrsa -aes256 -passout pass:⟦Xk92plo7⟧ 2048
    + openssl req -new -key k -passin 'pass:⟦Winter#2023⟧'
    + openssl pkcs12 -in a -nodes -passin pass:"⟦Xk92plo7⟧"
    + htpasswd -bc /etc/x jane ⟦Xk92plo7⟧
    + htpasswd -Bbn jane '⟦Winter#2023⟧' > f
    + machine h login jane password ⟦Winter#2023⟧
    + machine api.x.example⏎  login jane⏎  password ⟦hunter2⟧
    + //registry.npmjs.org/:_authToken=⟦Xk92plo7mQ4tV9yB1cD⟧
    + _authToken = "⟦Xk92plo7mQ4tV9yB1cD⟧"
    + [testpypi]⏎username: __token__⏎password: ⟦pypi-¦Xk92plo7mQ4tV9yB1cDXk92plo7mQ4tV9⟧
    + users: [{name: u, user: {password: ⟦Xk92plo7⟧, username: jane}}]
    + user:⏎    client-key-data: ⟦LS0tLS1CRUdJTiBFQyBQUklWQVRFIEtFWS0tLS0tCk1I⟧
    + setx OPENAI_API_KEY "⟦Xk92plo7mQ4tV9yB1cD⟧"
    + setx DB_PW ⟦Xk92plo7⟧ /M
    + $env:DB_PASSWORD = "⟦Winter#2023⟧"
    + $Env:API_TOKEN='⟦Xk92plo7mQ4tV9yB1cD⟧'
    + set PGPASSWORD=⟦Winter#2023⟧
    + [Environment]::SetEnvironmentVariable("API_KEY", "⟦Xk92plo7mQ4tV9yB1cD⟧", "User")
    + os.environ["DB_PASSWORD"] = "⟦Winter#2023⟧"
    + ENV["SECRET_TOKEN"] ||= "⟦Xk92plo7mQ4tV9yB1cD⟧"
    + putenv("DB_PASSWORD=⟦Winter#2023⟧")
    + #define MQTT_PASS "⟦Xk92plo7⟧"
    + #define  STASSID_PSWD    "⟦Winter#2023⟧"
    + constexpr auto kApiToken = "⟦Xk92plo7mQ4tV9yB1cD⟧";
    + private final String PASSWORD = "⟦Winter#2023⟧";
    + const char WIFI_PASS[] PROGMEM = "⟦Xk92plo7⟧";
    + user.setPassword('⟦Winter#2023⟧')
    + UsernamePasswordCredentials("jane", "⟦Winter#2023⟧")
    + new NetworkCredential("jane", "⟦Xk92plo7⟧", "EMEA")
    + smtp.login('jane', '⟦Winter#2023⟧')
    + server.login("jane", "⟦Xk92plo7⟧")
    + ssh.connect(h, username='jane', password='⟦Winter#2023⟧')
    + psycopg2.connect("dbname=x user=jane password=⟦Xk92plo7⟧")
    + credentials: {user: jane, password: ⟦Xk92plo7⟧}
    + "credentials":"⟦jane:Winter#2023⟧"
    + credentials = '⟦Xk92plo7mQ4tV9yB1cD⟧'
    + pw=⟦Xk92plo7⟧
    + PW: "⟦Winter#2023⟧"
    + admin_pw: ⟦Xk92plo7⟧
    + {"pw":"⟦Xk92plo7⟧"}
    + pw := "⟦Winter#2023⟧"
    + mysql_pass: ⟦Xk92plo7⟧
    + smtpPass: '⟦Winter#2023⟧'
    + "dbPass": "⟦Xk92plo7⟧"
    + <password type="plain">⟦Winter#2023⟧</password>
    + <entry key="password">⟦Xk92plo7⟧</entry>
    + <Password>⟦Xk92plo7⟧</Password>
    + <string name="api_key">⟦Xk92plo7mQ4tV9yB1cD⟧</string>
    + <key>password</key><string>⟦Winter#2023⟧</string>
    + 密码=⟦Xk92plo7⟧
    + 数据库密码为：⟦Xk92plo7⟧。
    + 管理员密码: ⟦Winter#2023⟧
    + パスワードは「⟦Xk92plo7⟧」です
    + パスワード=⟦Xk92plo7⟧
    + 비밀번호=⟦Xk92plo7⟧
    + 비밀번호는 "⟦Xk92plo7⟧"
    + la clave es: ⟦Xk92plo7⟧
    + mi clave es ⟦hunter22⟧
    + Clave: ⟦Xk92plo7⟧
    + le mot de passe c'est ⟦Xk92plo7⟧
    + mot de passe "⟦Winter#2023⟧"
    + MDP : ⟦Xk92plo7⟧
    + Dein Passwort: ⟦Winter#2023⟧
    + Das neue Passwort ist jetzt ⟦Xk92plo7⟧
    + пароль - ⟦Xk92plo7⟧
    + Пароль от базы: ⟦Xk92plo7⟧
    + пароль=⟦Xk92plo7⟧
    + 口令：⟦Xk92plo7⟧
    + Proxy-Authorization: Digest username="j", nonce="n", response="⟦5d1e8f7c3b2a49608172635445362718⟧"
    + Digest username="j", realm="r", response=⟦5d1e8f7c3b2a49608172635445362718⟧
    + Authorization: Basic ⟦amFuZTpXaW50ZXI=⟧
    + curl -H "Authorization: Basic ⟦amFuZTpXaW50ZXI=⟧" u
    + curl -u jane:⟦Xk92plo7⟧ -O u
    + curl -su jane:"⟦Xk92plo7⟧" u
    + curl --user "jane:⟦Winter#2023⟧" u
    + curl --basic -u "jane":"⟦Xk92plo7⟧" u
    + curl -ksSLu jane:⟦Xk92plo7⟧ u
    + wget --http-user=j --http-password=⟦Xk92plo7⟧ u
    + mount -t cifs //h/s /m -o user=j,password=⟦Xk92plo7⟧
    + sqlcmd -U sa -P "⟦Winter#2023⟧" -S h
    + Invoke-Sqlcmd -Username sa -Password '⟦Winter#2023⟧'
    + cmdkey /generic:h /user:j /pass:"⟦Winter#2023⟧"
    + vault login -method=ldap username=j password=⟦Xk92plo7⟧
    + VAULT_TOKEN=⟦Xk92plo7mQ4t⟧ vault read x
    + ipmitool -I lanplus -H h -U j -P '⟦Winter#2023⟧' chassis
    + kubectl create secret generic x --from-literal='pw=⟦Xk92plo7⟧'
    + kubectl create secret generic x --from-literal=api-key="⟦Xk92plo7mQ⟧"
    + docker run -e "MYSQL_ROOT_PASSWORD=⟦Winter#2023⟧" mysql
    + -Dspring.datasource.password=⟦Xk92plo7⟧ -jar a.jar
    + --spring.datasource.password=⟦Winter#2023⟧
    + java -Djavax.net.ssl.keyStorePassword=⟦changeit1⟧ A
    + gradle -PsigningPassword=⟦Xk92plo7⟧
    + xfreerdp /v:h /u:j /p:'⟦Winter#2023⟧'
    + impacket-psexec 'EMEA/jane:⟦Xk92plo7⟧@127.0.0.1'
    + rclone obscure ⟦Winter#2023⟧
    + git clone https://⟦jane:Xk92plo7⟧@git.example/x.git
    + zip -er -P ⟦Winter#2023⟧ a.zip d
    + nmcli con add wifi-sec.psk "⟦Winter#2023⟧"
    + ffmpeg -i rtsp://⟦jane:Xk92plo7⟧@cam/1
    + psql "postgresql://⟦jane:Winter%232023⟧@db/x"
    + quote PASS ⟦Xk92plo7⟧
    + USER jane⏎PASS ⟦Xk92plo7⟧
    + samba-tool user create jane ⟦Winter#2023⟧
    + dsmod user x -pwd ⟦Winter#2023⟧
    + wmic /user:j /password:"⟦Winter#2023⟧" os
    - docker compose -p myproj2 up, docker-compose -p Stack2 up -d, docker run --user 1000 -p 80:80 x
    - podman run -u root -p 8080 x, ssh -l jane2 -p 2222 h, ssh -p 22 jane@h, scp -P 2222 a h:b
    - mkdir -p Foo2Bar, install -p a b2, cp -rp Src2 Dst3, tar xpf a2.tar, git log -p -u Main2, ps -u jane -p 4242
    - psql -U jane -p 5433 -d Db2, mysql -u root -p -D db12, pg_dump -U jane -p5432 db12, nc -p 4242 h
    - gcc -P x2.c, make -p Foo2, sed -n -p a2, patch -p1 < Fix2.diff, perl -pe 's/a1/B2/', perl -p -i.bak
    - sudo -u jane -p prompt2 ls, sudo -S true, echo hello | sudo tee a2, echo "Done2 it" | tee log2
    - echo "Version2 ok" | gh pr comment 12, printf 'A1b2\n' | wc -l, cat x2 | docker load, cat Pw2.txt | kinit j
    - twine check dist/A2, skopeo inspect docker://h/A2:B3, redis-cli -n 2 get Key2, redis-cli -p 6380 ping
    - ssh-keygen -l -f k2, ssh-keygen -R h2, ssh-keygen -t rsa -b 4096 -C "jane2", ldapsearch -x -b dc=X2
    - net use, net user jane2, net localgroup Admins2 /add, smbclient -L h -U jane -N, smbclient -A auth2.txt
    - mongosh --host H2, az account set -s Sub2, az group create -n Rg2 -l eu2, aws configure get region2
    - openssl x509 -in a2.pem -noout, openssl s_client -connect h:443 -servername H2, htpasswd -D f jane2
    - curl -o out2 u, curl -A 'Mozilla/5.0 (X11; Linux): x1' u, curl -u $USER u, curl -e http://a:80 u, curl -U "" u
    - user: jane2, users: 12 of 20, author:Bob2@h, time 12:30:45@x, see http://h:80/a@b2:3
    - {"pw": null, "pwd": "", "pass": true, "credentials": [], "credentials": null, "auth": ["a", "B2"]}
    - pwr: Ab12cd, pwm=Fan2Speed, PWM_PIN=12, powershell -p x2, npw: 12ab34, bmp: A1b2c3
    - login("jane", "home2"), sign_in(user2, scope: :admin), auth: ("a", b), credentials("x", token)
    - #define PASSES 12, #define SECRET_SIZE (32), #define TOKEN_LPAREN '(', #define KEY_F1 "\033OP", #undef TOKEN2
    - setPassword(hash2), withToken(Foo2.bar), password = String(bytes), token = str(uuid4()), setToken("")
    - AUTH required, AUTH PLAIN LOGIN, 250 AUTH CRAM-MD5, AUTH LOGIN2, replace "old2" with "new2"
    - clave primaria, la clave es: única, palabra clave: async2, 密码学 SHA256, 忘记密码?, パスワードポリシー: NIST2
    - Passwort vergessen? mot de passe oublié, contraseña incorrecta, wachtwoord verplicht, пароль не подошёл
    - response="3 of 4", Digest: SHA-256=x, digest sha256:5d1e8f7c3b2a4960, response: 200
    - expect "password:" then wait, send "yes\r", send "ls\n"; the assword: prompt
    - select using(id2), using namespace std2, attach to process2, connect to Server2 user manual, key 'idx_a2'
    - set -x Foo2, set -o vi2, set -gx PATH2 ~/bin2, setenv TERM xterm-256color, ENV NODE_ENV production2
    - keytool -v -keystore a2.jks -alias Foo2, --storetype PKCS12, -passin file:pw2.txt, -passout stdin, env:PW2
  """#)
