#!/bin/sh
# Which values of a file (one a line, 10,000 at most) EXIST knows, with curl, as CSV. EXIST_URL is where it runs, EXIST_KEY a key.
#
#   cut -d' ' -f7 access.log | sort -u > hosts.txt; EXIST_URL=https://exist.example EXIST_KEY=exist_... sh match.sh hosts.txt
set -eu

gzip -c "$1" | curl --silent --show-error --fail-with-body --data-binary @- \
	--header "Authorization: Bearer $EXIST_KEY" --header "Content-Type: text/plain" --header "Content-Encoding: gzip" --header "Accept: text/csv" \
	"$EXIST_URL/api/lookup/bulk" | awk -F'","' 'NR == 1 || $2 == "listed" || $2 == "known"'
