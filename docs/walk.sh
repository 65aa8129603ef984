#!/usr/bin/env bash
# The main job from a resident's photo to "glad it's fixed", with curl, against a running script/server.
#
#   script/server            (in another terminal; wait for "ready")
#   docs/walk.sh [BEFORE.jpg [AFTER.jpg]]
#
# NERIREPO_HOME and PORT say which service; without photos of your own it draws two.
set -euo pipefail
cd "$(dirname "$0")/.."
home=${NERIREPO_HOME:-var}
url=http://localhost:${PORT:-8000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python=.venv/bin/python

say() { printf '\n== %s\n' "$*"; }
uuid7() { $python -c 'from nerirepo.base.ids import uuid7; print(uuid7())'; }
# pick KEY.KEY < JSON
pick() {
  $python -c '
import json, sys
value = json.load(sys.stdin)
for step in sys.argv[1].split("."):
    value = value[int(step)] if step.isdigit() else value[step]
print(value)' "$1"
}
call() { # call METHOD PATH TOKEN [JSON] [curl options...]
  local method=$1 path=$2 token=$3 body=${4:-}
  shift 3
  [ $# -gt 0 ] && shift
  curl -sS --fail-with-body -X "$method" "$url$path" ${token:+-H "Authorization: Bearer $token"} \
    ${body:+-H 'Content-Type: application/json' --data "$body"} "$@"
}
draw() { $python -c '
import sys
from PIL import Image, ImageDraw
picture = Image.new("RGB", (1600, 1200), "#8d8d86")
ImageDraw.Draw(picture).ellipse((500, 400, 1100, 800), fill=sys.argv[2])
picture.save(sys.argv[1], "JPEG", quality=92)' "$1" "$2"; }
# send DOOR TOKEN FILE -> photo id: announce, then send the bytes to where the service says
send() {
  local door=$1 token=$2 file=$3 id answer
  id=$(uuid7)
  answer=$(call PUT "$door/photos/$id" "$token" \
    "{\"sha256\": \"$(sha256sum "$file" | cut -d' ' -f1)\", \"bytes\": $(stat -c %s "$file"), \"content_type\": \"image/jpeg\"}")
  curl -sS --fail-with-body -o /dev/null -X PUT "$(pick upload.url <<<"$answer")" \
    -H 'Content-Type: image/jpeg' --data-binary "@$file"
  echo "$id"
}
# letters TEXT -> the newest .eml file in which TEXT stands, waited for
letter() {
  $python - "$home/mail" "$1" <<'PY'
import email, email.policy, pathlib, sys, time
folder, wanted = pathlib.Path(sys.argv[1]), sys.argv[2]
deadline = time.monotonic() + 30
while time.monotonic() < deadline:
    for file in sorted(folder.glob("*.eml"), reverse=True):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        text = message.get_body(("plain",)).get_content()
        if wanted in f"{message['to']}\n{message['subject']}\n{text}":
            print(f"{message['subject']}\n\n{text}")
            sys.exit()
    time.sleep(0.2)
sys.exit(f"no letter with {wanted!r} has come")
PY
}

before=${1:-$work/before.jpg}
[ $# -ge 1 ] || draw "$before" '#2b2b2b'
after=${2:-$work/after.jpg}
[ $# -ge 2 ] || draw "$after" '#77776f'
resident=walk.$RANDOM@example.jp

say "A resident signs in with the code from the inbox"
challenge=$(call POST /v1/sign-in "" "{\"email\": \"$resident\", \"locale\": \"ja\"}" | pick challenge_id)
code=$(letter "$resident" | grep -oE '\b[0-9]{6}\b' | head -n 1)
token=$(call POST "/v1/sign-in/$challenge" "" "{\"code\": \"$code\", \"eligibility\": \"lives\"}" | pick token)
echo "signed in as $resident with $code"

say "Whose is this place?"
call GET '/v1/places/lookup?lat=35.7356&lon=139.6522&category=road.pothole' "" | $python -m json.tool --no-ensure-ascii

say "The report, with its photo"
photo=$(send /v1 "$token" "$before")
report=$(uuid7)
body="{\"category\": \"road.pothole\", \"description\": \"歩道に穴があいています。\", \"location\": {\"lat\": 35.7356, \"lon\": 139.6522, \"accuracy_m\": 8, \"source\": \"gps\"}, \"photo_ids\": [\"$photo\"], \"locale\": \"ja\"}"
taken=$(call PUT "/v1/reports/$report" "$token" "$body")
number=$(pick receipt.number <<<"$taken")
echo "$number goes to $(pick report.responsible.name <<<"$taken"): $(pick report.responsible.reason <<<"$taken")"
again=$(call PUT "/v1/reports/$report" "$token" "$body")
[ "$(pick receipt.signature <<<"$taken")" = "$(pick receipt.signature <<<"$again")" ]
echo "sent again: the same receipt"

say "Staff accept, start and resolve"
member=$(script/run nerirepo staff add --email "walk.$RANDOM@ward.example.jp" --name 散歩 --role desk --department desk)
totp=$($python -c 'import pyotp, sys; print(pyotp.TOTP(sys.argv[1]).now())' "$(pick totp_secret <<<"$member")")
staff=$(call POST /staff/sign-in "" \
  "{\"email\": \"$(pick email <<<"$member")\", \"password\": \"$(pick password <<<"$member")\", \"totp\": \"$totp\"}" | pick token)
act() { # act VERSION JSON-MEMBERS
  call POST "/staff/reports/$report/actions" "$staff" "{\"action_id\": \"$(uuid7)\", $2}" -H "If-Match: \"$1\"" -o /dev/null -w '%{http_code}\n'
}
echo -n "accept: "
act 1 "\"action\": \"accept\", \"public_text\": \"歩道に穴があります。\", \"photo_ids\": [\"$photo\"]"
echo -n "start: "
act 2 "\"action\": \"start\", \"public_note\": \"今週中に直します。\""
repaired=$(send /staff "$staff" "$after")
echo -n "resolve: "
act 3 "\"action\": \"resolve\", \"public_note\": \"穴をふさぎました。\", \"photo_ids\": [\"$repaired\"]"

say "The resident reads the letter"
result=$(letter "対応が終わりました")
echo "$result"
link=$(grep -oE "https?://[^ ]*/l/answer/[^ ?]*" <<<"$result" | head -n 1)

say "Glad it's fixed"
curl -sS --fail-with-body -o /dev/null -w 'the page: %{http_code}\n' "$link"
curl -sS --fail-with-body -o /dev/null -w 'the button: %{http_code}\n' --data 'answer=fixed' "$link"

say "Everybody sees it"
for _ in $(seq 50); do
  page=$(curl -sS "$url/reports/$number")
  grep -q 穴をふさぎました <<<"$page" && break
  sleep 0.2
done
grep -q 穴をふさぎました <<<"$page"
picture=$(grep -oE '/media/[^" ]+\.webp' <<<"$page" | head -n 1)
curl -sS --fail-with-body -o /dev/null -w "$picture: %{http_code} %{content_type}\n" "$url$picture"
echo "$url/reports/$number"
