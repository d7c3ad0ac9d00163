#!/usr/bin/env bash
# Install the system packages where that is allowed; otherwise say what is missing and go on without.
set -u
wanted=(chromium libpango-1.0-0 libpangoft2-1.0-0 fonts-dejavu-core tesseract-ocr tesseract-ocr-swe hunspell-sv postgresql)
what_for=("browser tests" "reports in PDF" "reports in PDF" "the demo's printed pages, and letters in PDF reports" "reading text in pictures" "reading Swedish in pictures" "Swedish compounds in search" "tests on PostgreSQL")
command -v dpkg-query >/dev/null || { echo "no dpkg here: the features that need ${wanted[*]} may be missing"; exit 0; }
missing=()
for i in "${!wanted[@]}"; do
  dpkg-query -W -f='${Status}' "${wanted[$i]}" 2>/dev/null | grep -q "install ok installed" || missing+=("${wanted[$i]}")
done
[ ${#missing[@]} -eq 0 ] && exit 0
line="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
if [ "$(id -u)" = 0 ]; then
  echo "installing ${missing[*]} …"
  (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}") >/tmp/stadsarkiv-apt.log 2>&1 && exit 0
  echo "that did not work (see /tmp/stadsarkiv-apt.log)"
fi
echo "missing: ${missing[*]}"
echo "install them with:  sudo sh -c '$line'"
for i in "${!wanted[@]}"; do
  for m in "${missing[@]}"; do [ "$m" = "${wanted[$i]}" ] && echo "  without $m: no ${what_for[$i]}"; done
done
exit 0
