#!/usr/bin/env python3
"""What was listed since a time, oldest first: for a SIEM that asks now and then. Needs nothing but Python 3.

    EXIST_URL=https://exist.example EXIST_KEY=exist_... python3 newest.py 2026-11-24T08:00:00Z
"""
import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

BASE = os.environ["EXIST_URL"].rstrip("/")
HEADERS = {"Authorization": f"Bearer {os.environ['EXIST_KEY']}", "Accept": "application/json", "User-Agent": "exist-example/1"}


def ask(url):
    """One answer as JSON. Waits as long as the server wants when the limit is reached; says what the server says when it refuses."""
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, headers=HEADERS), timeout=60) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code == 429:
                time.sleep(int(error.headers.get("Retry-After", "60")))
                continue
            sys.exit(f"{error.code}: {json.load(error).get('detail', error.reason)}")


def records(resource, **query):
    """Every record of a resource that matches, page by page: `next` is the address of the following one."""
    url = f"{BASE}/api/{resource}?{urllib.parse.urlencode({'limit': 1000, **query})}"
    while url is not None:
        page = ask(url)
        yield from page["results"]
        url = page["next"]


def main():
    since = sys.argv[1] if len(sys.argv) > 1 else time.strftime("%Y-%m-%dT00:00:00Z", time.gmtime())
    found = list(records("reputation", datetime_after=since, fields="datetime,indicator,source"))
    for record in reversed(found):
        print(record["datetime"], record["indicator"], record["source"], sep="\t")
    print(f"{len(found)} listed since {since}", file=sys.stderr)


if __name__ == "__main__":
    main()
