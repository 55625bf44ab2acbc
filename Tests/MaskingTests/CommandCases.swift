import Rules

/// What is given to programs: `+` with all that is to go between `⟦` and `⟧`, `-` with nothing.
let commandCases = Rule.table(
  #"""
  user and password of an address
    + http://corp\⟦bob:N1gtePz3taRe⟧@proxy:3128
    + https_proxy=http://⟦CORP%5Cbob:N1gtePz3taRe⟧@proxy.example:8080
    + http://DOM\⟦svc-build:Sommer2024!⟧@10proxy/
    + ftp://⟦bob:battery#horse⟧@files.example/x
    + bob:⟦N1gtePz3taRe⟧@db.example:5432/app
    + DATABASE bob:⟦N1gtePz3taRe⟧@localhost:3306
    + connect to root:⟦Sommer2024!⟧@db:27017/admin please
    + "admin:⟦Tr0ub4dor&3⟧@mq.example:5672/vhost"
    + proxy=bob:⟦N1gtePz3taRe⟧@proxy.example:3128
    + socks5 bob:⟦N1gtePz3taRe⟧@gw:1080
    + scott/⟦N1gtePz3taRe⟧@db.example:1521/orcl
    + sqlplus scott/⟦N1gtePz3taRe⟧@db
    + sqlplus -s system/⟦Sommer2024!⟧@//db:1521/x as sysdba
    + exp scott/⟦tiger22⟧ file=a.dmp
    + impdp system/⟦N1gtePz3taRe⟧ schemas=a
    + SQL> connect hr/⟦N1gtePz3taRe⟧
    + rsync://⟦bob:N1gtePz3taRe⟧@h/m
    + svn+ssh://⟦bob:N1gtePz3taRe⟧@h/m
    - http://corp\bob@proxy and http://corp\bob:$PASSWORD@proxy
    - user:password@host:5432/app, foo:bar@1.2.3:4, image:latest@sha256:0a1b
    - npm:react@18.2.0, alias: npm:lodash@4.17.21 and jsr:@std/path@1.0.8
    - docker pull nginx:1.25@sha256:3f8a91c04be27d65a1f09c8e7b6d54321fe0a9c83f8a91c04be27d65a1f09c8e
    - at Object.run (node:internal/x@1:2:3), https://a.example:8080/@scope/x, mailto:x
    - line 12:foo@bar, gopkg.in/yaml:v2@latest, org/repo:path@ref, 12:30@home
    - exp value/other file, imp of/that, connect a/b, connect to/from, rman a/b
  connection string
    + Server=db;UID=sa;PWD={⟦N1gtePz3taRe⟧};
    + DRIVER={ODBC Driver 18};SERVER=db;UID=sa;PWD={⟦a}}b;c9⟧}
    + Provider=x;Data Source=y;User ID=sa;Password="⟦N1gtePz3taRe⟧";
    + Password='⟦N1gte;z3taRe⟧';Server=db
    + host=db port=5432 user=bob password='⟦N1gtePz3taRe⟧'
    + "Data Source=db;Password=⟦Sommer2024!⟧;Encrypt=true"
    + Endpoint=sb://x.example/;SharedAccessKeyName=k;SharedAccessKey=⟦hY3U8kb6IvtIbpgXlFwzQQzmEoWlPuZwnCETIPgJ=⟧
    + mongodb: {user: "bob", pwd: "⟦N1gtePz3taRe⟧"}
    + jdbc:mysql://db/x?user=bob&password=⟦N1gtePz3taRe⟧
    + jdbc:sqlserver://db;user=sa;password=⟦N1gtePz3taRe⟧;encrypt=true
    - PWD={password}; PWD={0}; PWD={{ pw }}; PWD={your_password};
    - DRIVER={ODBC Driver 18 for SQL Server};SERVER={db}, UID={user}
    - Password=${DB_PASSWORD};Server=db, Password=;Server=db
  password of a database
    + db2 connect to x user y using ⟦N1gtePz3taRe⟧
    + db2 "CONNECT TO sample USER db2inst1 USING ⟦Sommer2024!⟧"
    + ATTACH TO inst USER bob USING '⟦N1gtePz3taRe⟧'
    + PRAGMA key='⟦N1gtePz3taRe⟧';
    + PRAGMA key = "⟦battery horse⟧"
    + pragma rekey='⟦N1gtePz3taRe⟧'
    + PRAGMA hexkey='⟦3f8a91c04be27d65a1f09c8e7b6d5432⟧'
    + CREATE SECRET s (TYPE s3, KEY_ID 'x', SECRET '⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧');
    + CREATE CREDENTIAL c WITH IDENTITY='bob', SECRET = '⟦N1gtePz3taRe⟧'
    + CREATE USER bob IDENTIFIED BY ⟦N1gtePz3taRe⟧;
    + ALTER USER scott IDENTIFIED BY "⟦N1gtePz3taRe⟧" REPLACE "⟦Alt3sPasswort⟧";
    + GRANT ALL ON *.* TO 'bob'@'%' IDENTIFIED BY '⟦Sommer2024!⟧';
    + CREATE DATABASE LINK l CONNECT TO u IDENTIFIED BY ⟦N1gtePz3taRe⟧
    + SELECT pgp_sym_encrypt('x', '⟦N1gtePz3taRe⟧');
    + select pgp_sym_decrypt(col, '⟦N1gtePz3taRe⟧') from t
    + SELECT AES_ENCRYPT('text','⟦N1gtePz3taRe⟧')
    + SELECT crypt('⟦N1gtePz3taRe⟧', gen_salt('bf'))
    + CREATE LOGIN bob WITH PASSWORD = N'⟦N1gtePz3taRe⟧'
    + OPEN SYMMETRIC KEY k DECRYPTION BY PASSWORD = '⟦N1gtePz3taRe⟧'
    + CREATE ROLE bob LOGIN ENCRYPTED PASSWORD '⟦Sommer2024!⟧';
    + db.createUser({user: 'bob', pwd: '⟦Sommer2024!⟧', roles: []})
    + db.auth('bob', '⟦N1gtePz3taRe⟧')
    + CHANGE MASTER TO MASTER_USER='r', MASTER_PASSWORD='⟦N1gtePz3taRe⟧'
    + ATTACH DATABASE 'a.db' AS e KEY '⟦N1gtePz3taRe⟧'
    + CREATE USER bob SET PASSWORD '⟦N1gtePz3taRe⟧' CHANGE NOT REQUIRED
    + AUTH ⟦N1gtePz3taRe⟧
    - PRAGMA foreign_keys='ON', PRAGMA key_count='3', PRAGMA table_info('keys12')
    - IDENTIFIED BY ?, IDENTIFIED BY :password, identified by their name, is identified by
    - pgp_sym_encrypt(x, $1), aes_encrypt(data, key), crypt(a, 'password'), SECRET 'secret'
    - db2 connect to x user y, select a from t using index1, JOIN b USING (user_id2)
    - merge t using source2 on, LOGIN 'bob', primary KEY 'id_12', KEY 'idx_user12' ('user')
  password of a command
    + podman login -p ⟦N1gtePz3taRe⟧ -u me quay.example
    + docker login -p=⟦N1gtePz3taRe⟧ -u=me
    + docker login --password=⟦Sommer2024!⟧ --username me
    + docker login -u me -p "⟦N1gte Pz3ta⟧" r.example
    + twine upload -u bob -p ⟦N1gtePz3taRe⟧ dist/*
    + twine upload -p ⟦N1gtePz3taRe⟧ dist/*
    + flit publish --password ⟦N1gtePz3taRe⟧
    + skopeo copy --src-creds bob:⟦N1gtePz3taRe⟧ docker://a docker://b
    + skopeo inspect --creds u:⟦N1gtePz3taRe⟧ docker://a
    + skopeo --creds=u:⟦N1gtePz3taRe⟧ list-tags docker://a
    + buildah push --creds 'me:⟦Sommer2024!⟧' x
    + redis-cli -a ⟦N1gtePz3taRe⟧ ping
    + redis-cli -h c -a⟦N1gtePz3taRe⟧ info
    + redis-cli --pass ⟦N1gtePz3taRe⟧
    + valkey-cli -a '⟦N1gtePz3taRe⟧'
    + ansible_become_pass=⟦N1gtePz3taRe⟧
    + web1 ansible_user=bob ansible_ssh_pass=⟦Sommer2024!⟧
    + ansible_sudo_pass: ⟦N1gtePz3taRe⟧
    + ssh-keygen -t rsa -N ⟦N1gtePz3taRe⟧ -f k
    + ssh-keygen -p -P '⟦Alt3sPasswort⟧' -N '⟦N1gtePz3taRe⟧' -f k
    + ldappasswd -s ⟦N1gtePz3taRe⟧ -D cn=admin
    + ldapsearch -D cn=admin -w⟦N1gtePz3taRe⟧ -b dc=x
    + ldapadd -x -D cn=admin,dc=x -w '⟦N1gte Pz3⟧' -f a.ldif
    + slappasswd -s ⟦N1gtePz3taRe⟧
    + sudo -S <<< ⟦N1gtePz3taRe⟧
    + sudo -S apt update <<< "⟦Sommer2024!⟧"
    + echo ⟦N1gtePz3taRe⟧ | sudo -S ls
    + echo '⟦Sommer2024!⟧' | sudo -kS -p '' apt update
    + printf '%s\n' '⟦N1gtePz3taRe⟧' | sudo -S id
    + gh auth login --with-token <<< ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + echo ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧ | gh auth login --with-token
    + echo "⟦N1gtePz3taRe⟧" | docker login -u me --password-stdin
    + echo ⟦N1gtePz3taRe⟧ | kinit bob
    + kinit bob <<< '⟦N1gtePz3taRe⟧'
    + echo ⟦N1gtePz3taRe⟧ | cryptsetup luksOpen /dev/sda1 x -
    + echo -n '⟦N1gtePz3taRe⟧' | openssl enc -aes-256-cbc -pass stdin
    + echo ⟦N1gtePz3taRe⟧ | gpg --batch --passphrase-fd 0 -d a.gpg
    + gpg --batch --passphrase ⟦N1gtePz3taRe⟧ -d a.gpg
    + echo 'bob:⟦N1gtePz3taRe⟧' | chpasswd
    + printf '⟦N1gtePz3taRe\nN1gtePz3taRe\n⟧' | smbpasswd -s -a bob
    + setx DB_PASSWORD ⟦N1gtePz3taRe⟧
    + setx /M API_TOKEN "⟦qT9xLm2ZpR7vK4sN⟧"
    + set DB_PASSWORD=⟦horse22⟧
    + set -gx API_TOKEN ⟦qT9xLm2ZpR7vK4sN⟧
    + setenv DB_PASSWORD ⟦N1gtePz3taRe⟧
    + PGPASSWORD=⟦N1gtePz3taRe⟧ psql -h db
    + MYSQL_PWD='⟦N1gtePz3taRe⟧' mysql -u root
    + RESTIC_PASSWORD=⟦N1gtePz3taRe⟧ restic backup
    + mysql -uroot -p'⟦N1gtePz3taRe⟧' shop
    + mysqldump --password=⟦horse⟧ shop
    + mariadb -h db -u root -p⟦Sommer2024!⟧
    + openssl rsa -in k -passin pass:⟦N1gtePz3taRe⟧
    + openssl pkcs12 -export -password ⟦pass:Sommer2024!⟧ -out a
    + openssl enc -aes-256-cbc -k '⟦N1gtePz3taRe⟧' -in a
    + htpasswd -b f bob ⟦N1gtePz3taRe⟧
    + htpasswd -nbB bob '⟦Sommer2024!⟧'
    + htpasswd -cb /etc/nginx/.htpasswd bob ⟦N1gtePz3taRe⟧
    + sshpass -p⟦N1gtePz3taRe⟧ ssh h
    + sshpass -p "⟦N1gte Pz3⟧" scp a h:
    + smbclient //s/x -U u%⟦N1gtePz3taRe⟧
    + smbclient -L h -U 'corp/u%⟦N1gtePz3taRe⟧'
    + mount -t cifs //s/x /mnt -o username=u,password=⟦N1gtePz3taRe⟧
    + mount -o user=u,pass=⟦N1gtePz3taRe⟧,vers=3 //s/x /mnt
    + net use z: \\s\x /user:u ⟦N1gtePz3taRe⟧
    + net use \\s\x ⟦N1gtePz3taRe⟧ /user:dom\u
    + net user bob ⟦N1gtePz3taRe⟧ /add
    + mongosh -u bob -p ⟦N1gtePz3taRe⟧ --host db
    + mongodump --uri x -u bob -p'⟦N1gtePz3taRe⟧'
    + az login -u bob -p ⟦N1gtePz3taRe⟧
    + az login --service-principal -u app -p ⟦qJH8Q~¦xV5bT2mKp9LwR4sN7yZc3DfG6hJ1aQeUiOk⟧ -t x
    + aws configure set aws_secret_access_key ⟦hY3U8kb6IvtIbpgXlFwzQQzmEoWlPuZwnCETIPgJ⟧
    + aws configure set aws_session_token ⟦hY3U8kb6IvtIbpgXlFwzQQzmEoWlPuZwnCETIPgJ⟧ --profile x
    + npm config set //registry.example/:_authToken ⟦qT9xLm2ZpR7vK4sN⟧
    + pip config set global.password ⟦N1gtePz3taRe⟧
    + poetry config http-basic.foo bob ⟦N1gtePz3taRe⟧
    + poetry config pypi-token.pypi ⟦qT9xLm2ZpR7vK4sN⟧
    + composer config http-basic.repo.example bob ⟦N1gtePz3taRe⟧
    + dotnet nuget add source x -u bob -p ⟦N1gtePz3taRe⟧ --store-password-in-clear-text
    + nuget setapikey ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧ -source x
    + git credential approve <<< password=⟦N1gtePz3taRe⟧
    + curl -u admin:⟦secret99⟧ https://x.example
    + curl -uadmin:⟦secret99⟧ https://x.example
    + curl -su 'admin:⟦Sommer 2024⟧' https://x.example
    + curl --proxy-user bob:⟦N1gtePz3taRe⟧ https://x.example
    + curl -U bob:⟦N1gtePz3taRe⟧ -x p https://x.example
    + curl -d 'user=bob&password=⟦N1gtePz3taRe⟧' https://x.example
    + curl -d '{"user":"bob","password":"⟦N1gtePz3taRe⟧"}' https://x.example
    + wget --user=bob --password=⟦N1gtePz3taRe⟧ https://x.example
    + wget --http-passwd=⟦N1gtePz3taRe⟧ https://x.example
    + http -a bob:⟦N1gtePz3taRe⟧ :8000/x
    + xh --auth bob:⟦N1gtePz3taRe⟧ :8000/x
    + ab -A bob:⟦N1gtePz3taRe⟧ http://x.example/
    + useradd -p '⟦N1gtePz3taRe⟧' bob
    + 7z x -p⟦N1gtePz3taRe⟧ a.7z
    + unrar x -p⟦N1gtePz3taRe⟧ a.rar
    + zip -P ⟦N1gtePz3taRe⟧ a.zip b
    + unzip -P'⟦N1gtePz3taRe⟧' a.zip
    + pdftk a.pdf input_pw ⟦N1gtePz3taRe⟧ output b.pdf
    + qpdf --password=⟦N1gtePz3taRe⟧ --decrypt a b
    + keytool -list -keystore k -storepass ⟦changeit22⟧
    + keytool -genkey -keypass ⟦N1gtePz3taRe⟧ -alias a
    + jarsigner -storepass ⟦N1gtePz3taRe⟧ a.jar k
    + sqlcmd -S db -U sa -P ⟦N1gtePz3taRe⟧
    + sqlcmd -S db -U sa -P'⟦Sommer2024!⟧' -Q x
    + bcp t out f -S db -U sa -P⟦N1gtePz3taRe⟧
    + isql dsn sa ⟦N1gtePz3taRe⟧ -v
    + tsql -S db -U sa -P ⟦N1gtePz3taRe⟧
    + cqlsh -u bob -p ⟦N1gtePz3taRe⟧ h
    + clickhouse-client -u bob --password ⟦N1gtePz3taRe⟧
    + influx -username bob -password ⟦N1gtePz3taRe⟧
    + ipmitool -H h -U bob -P ⟦N1gtePz3taRe⟧ power on
    + vncpasswd <<< ⟦N1gtePz3taRe⟧
    + xfreerdp /u:bob /p:⟦N1gtePz3taRe⟧ /v:h
    + rdesktop -u bob -p ⟦N1gtePz3taRe⟧ h
    + evil-winrm -i h -u bob -p '⟦N1gtePz3taRe⟧'
    + crackmapexec smb h -u bob -p '⟦N1gtePz3taRe⟧'
    + cmdkey /add:h /user:bob /pass:⟦N1gtePz3taRe⟧
    + runas /user:bob cmd, schtasks /create /ru bob /rp ⟦N1gtePz3taRe⟧ /tn x
    + psexec \\h -u bob -p ⟦N1gtePz3taRe⟧ cmd
    + wmic /node:h /user:bob /password:⟦N1gtePz3taRe⟧ os
    + plink -ssh bob@h -pw ⟦N1gtePz3taRe⟧
    + pscp -pw "⟦N1gtePz3taRe⟧" a h:
    + nmcli device wifi connect home password ⟦N1gtePz3taRe⟧
    + iwconfig wlan0 key s:⟦N1gtePz3taRe⟧
    + wpa_passphrase net ⟦N1gtePz3taRe⟧
    + vault login ⟦hvx9c8e7b6d54321fe0a9c8⟧
    + vault kv put secret/x password=⟦N1gtePz3taRe⟧
    + vault login -method=userpass username=bob password=⟦N1gtePz3taRe⟧
    + consul acl set-agent-token agent ⟦3f8a91c0-4be2-7d65-a1f0-9c8e7b6d5432⟧
    + kubectl create secret generic s --from-literal=password=⟦N1gtePz3taRe⟧
    + kubectl create secret docker-registry r --docker-password=⟦N1gtePz3taRe⟧
    + kubectl config set-credentials bob --token=⟦qT9xLm2ZpR7vK4sN⟧
    + oc login -u bob -p ⟦N1gtePz3taRe⟧
    + oc login --token=⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + helm repo add x https://x.example --username bob --password ⟦N1gtePz3taRe⟧
    + helm registry login -u bob -p ⟦N1gtePz3taRe⟧ r.example
    + helm install x --set db.password=⟦N1gtePz3taRe⟧
    + helm upgrade x --set auth.rootPassword='⟦Sommer2024!⟧'
    + argocd login h --username bob --password ⟦N1gtePz3taRe⟧
    + terraform apply -var db_password=⟦N1gtePz3taRe⟧
    + terraform plan -var 'token=⟦qT9xLm2ZpR7vK4sN⟧'
    + heroku config:set DB_PASSWORD=⟦N1gtePz3taRe⟧
    + fly secrets set DB_PASSWORD=⟦N1gtePz3taRe⟧
    + wrangler secret put X <<< ⟦qT9xLm2ZpR7vK4sN⟧
    + docker run -e POSTGRES_PASSWORD=⟦horse22⟧ postgres
    + docker run --env MYSQL_ROOT_PASSWORD=⟦N1gtePz3taRe⟧ mysql
    + rabbitmqctl add_user bob ⟦N1gtePz3taRe⟧
    + rabbitmqadmin -u bob -p ⟦N1gtePz3taRe⟧ list
    + mosquitto_pub -u bob -P ⟦N1gtePz3taRe⟧ -t x
    + mosquitto_passwd -b f bob ⟦N1gtePz3taRe⟧
    + lftp -u bob,⟦N1gtePz3taRe⟧ h
    + ncftpput -u bob -p ⟦N1gtePz3taRe⟧ h
    + svn co --username bob --password ⟦N1gtePz3taRe⟧ x
    + aria2c --http-passwd=⟦N1gtePz3taRe⟧ x
    + ffmpeg -decryption_key ⟦3f8a91c04be27d65a1f09c8e7b6d5432⟧ -i a
    + borg init --encryption=x, BORG_PASSPHRASE='⟦N1gtePz3taRe⟧'
    + cf login -u bob -p ⟦N1gtePz3taRe⟧
    + ibmcloud login --apikey ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + doctl auth init -t ⟦qT9xLm2ZpR7vK4sN8wYbC3dF⟧
    + snowsql -a x -u bob -p ⟦N1gtePz3taRe⟧
    + security add-generic-password -a bob -w ⟦N1gtePz3taRe⟧ -s x
    + security unlock-keychain -p ⟦N1gtePz3taRe⟧ x
    + New-Object PSCredential('bob', (ConvertTo-SecureString '⟦N1gtePz3taRe⟧' -AsPlainText -Force))
    + expect "password:" { send "⟦N1gtePz3taRe⟧\r" }
    + spawn ssh h; expect "assword"; send "⟦Sommer2024!⟧\n"
    - podman login -p $PASS -u me, docker login --password-stdin, docker login -p=$PASS
    - docker run -p 8080:80 -u 1000 x, docker run -p8080:80, podman ps -a --filter name=login2
    - twine upload dist/*, skopeo copy docker://a:1.2 docker://b:1.2, skopeo --creds $CREDS x
    - redis-cli -a $REDIS ping, redis-cli -n 12 -p 6379, ssh-keygen -t rsa -N "" -f key_12
    - echo hello12 | sudo tee /etc/x, echo "deb http://x y" | sudo tee -a f, echo 1234 | sudo dd of=x
    - sudo -S ls < file, gh auth login --with-token < token.txt, cat token12 | gh auth login
    - mkdir -p build12 && cd x, cp -p file12 x, ps -p 12345, ssh -p 2222 h, nmap -p 80,443 h
    - python -m pdb -p x12, git log -p HEAD12, patch -p1 < a, tar -xpf a12, make -p all12
    - useradd -m bob12, grep -P 'a\d12' x, cmake -P install12.cmake, perl -P x12, rsync -aP src12 d
    - net use, net user bob /add, net start service12 /y, mongosh --port 27017, az login
    - aws configure set region us-east-1, aws configure list, poetry config virtualenvs.in-project true
    - export PATH=$HOME/x, set -euo pipefail, setx PATH "%PATH%;C:\x12", setenv EDITOR vim12
    - sqlcmd -S db12 -E -i a12.sql, unzip -l a12.zip, zip -r a12.zip b12, 7z x a12.7z -o/out12
    - kubectl create secret generic s --from-file=a12.txt, kubectl get secret db-pass12 -o yaml
    - helm install x --set image.tag=1.2.3, terraform apply -var region=us-east-1
    - curl -u $U:$P x, curl -U x, curl -d @file12.json x, curl -H 'Accept: a/b12' x, curl -sSfL x
    - keytool -list -keystore a12.jks, 7z a -mx9 a12.7z x, openssl s_client -connect h:443
    - send "ls -la\r", expect "done12", send_user "hello12\n", password: send it
  """#)
