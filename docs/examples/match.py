#!/usr/bin/env python3
"""Which values of a log EXIST knows: any number of lines, one value each, 10,000 a call. Needs nothing but Python 3.

    zcat dns.log.gz | cut -f10 | EXIST_URL=https://exist.example EXIST_KEY=exist_... python3 match.py > known.tsv
"""
import gzip
import itertools
import json
import os
import sys
import time
import urllib.error
import urllib.request

BASE = os.environ["EXIST_URL"].rstrip("/")
HEADERS = {
    "Authorization": f"Bearer {os.environ['EXIST_KEY']}",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Encoding": "gzip",
    "Accept": "application/x-ndjson",
    "User-Agent": "exist-example/1",
}


def look_up(values):
    """The answers for one call's values. Waits when the limit is reached; ends when an answer does not come whole."""
    body = gzip.compress("\n".join(values).encode())
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{BASE}/api/lookup/bulk", data=body, headers=HEADERS), timeout=120) as response:
                lines = [json.loads(line) for line in response]
        except urllib.error.HTTPError as error:
            if error.code == 429:
                time.sleep(int(error.headers.get("Retry-After", "60")))
                continue
            sys.exit(f"{error.code}: {json.load(error).get('detail', error.reason)}")
        if not lines or lines[-1]["type"] != "end":
            sys.exit("The answer is not whole.")
        return lines[:-1]


def main():
    seen = set()
    values = (line.strip() for line in sys.stdin)
    # A log says the same again and again: each value is asked for once.
    distinct = (value for value in values if value and not (value in seen or seen.add(value)))
    asked = known = 0
    while batch := list(itertools.islice(distinct, 10_000)):
        for answer in look_up(batch):
            asked += 1
            if answer["kind"] in ("listed", "known"):
                known += 1
                print(answer["value"], answer["kind"], answer["category"] or "", answer["reason"], sep="\t")
    print(f"{known} of {asked} values are known", file=sys.stderr)


if __name__ == "__main__":
    main()
