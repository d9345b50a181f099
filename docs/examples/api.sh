#!/bin/sh
# EXIST's Web API with curl. EXIST_URL is where it runs, EXIST_KEY a key from the account page.
set -eu

ask() {
	curl --silent --show-error --fail-with-body --header "Authorization: Bearer $EXIST_KEY" "$@"
}

echo "Resources:"
ask "$EXIST_URL/api/"
echo

echo "The two newest listings, three fields of each:"
ask --get "$EXIST_URL/api/reputation" --data limit=2 --data fields=indicator,source,datetime
echo

# curl encodes what stands in the value: URLs and defanged spellings can be asked for as they are.
echo "Is this URL listed?"
ask --get "$EXIST_URL/api/reputation" --data-urlencode "url=${1:-hxxp://evil[.]example/a}" --data fields=indicator,source,listed
echo

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

echo "Everything of today as CSV, its first lines:"
ask --get "$EXIST_URL/api/reputation" --data format=csv --data fields=indicator,type,source --data "datetime_after=$(date -u +%Y-%m-%d)" --output "$folder/today.csv"
head -n 3 "$folder/today.csv"
echo

# An answer that is at hand needs not be sent again.
ask --dump-header "$folder/headers" --output /dev/null "$EXIST_URL/api/reputation/sources"
etag=$(sed -n 's/^[Ee][Tt][Aa][Gg]: //p' "$folder/headers" | tr -d '\r')
echo "Sources, asked again with their ETag:"
ask --output /dev/null --write-out '%{http_code}\n' --header "If-None-Match: $etag" "$EXIST_URL/api/reputation/sources"
