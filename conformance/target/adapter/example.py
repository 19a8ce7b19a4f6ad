#!/usr/bin/env python3
"""A whole adapter for dime-conformance, to copy: put your own implementation where parse_record and
parse_reply are.

It speaks version 1 of the adapter protocol (README.md beside this file): one JSON object a line on standard input, one
answer a line on standard output. Standard error is free; the suite keeps what is written there.
"""

import base64
import json
import re
import sys


class Refused(Exception):
    """The input is wrong, and a right implementation refuses it."""

    def __init__(self, message, requirement=None, offset=None):
        super().__init__(message)
        self.error = {"code": "invalid", "message": message}
        if requirement is not None:
            self.error["requirement"] = requirement
        if offset is not None:
            self.error["offset"] = offset


def parse_reply(data):
    """dmtp.reply.parse: {"text": one whole reply} -> {"code": number, "lines": [text]}"""
    text = data.get("text")
    if not isinstance(text, str):
        raise Refused("member text is missing or no text")
    code, lines, at = None, [], 0
    while True:
        line = re.compile(r"([1-5][0-9][0-9])([- ])([^\r\n]*)\r?\n").match(text, at)
        offset = len(text[:at].encode())
        if line is None:
            raise Refused("no reply line: " + repr(text[at : at + 40]), offset=offset)
        if code not in (None, line[1]):
            raise Refused("the lines differ in their code", "DMTP-016", offset)
        code, at = line[1], line.end()
        lines.append(line[3])
        if line[2] == " ":
            break
    if at != len(text):
        raise Refused("text behind the last line", offset=len(text[:at].encode()))
    return {"code": int(code), "lines": lines}


LONG_NAMES = {"version": "ver", "primary": "pok", "policy": "pol", "syndicates": "syn",
              "deliver": "dx", "expiry": "exp", "subdomain": "sub"}
VALUES = {"ver": r"0{0,4}1", "pok": r"[A-Za-z0-9+/]{43}", "tls": r"[A-Za-z0-9+/]{86}",
          "pol": r"(?i:experimental|mixed|strict)", "syn": r".+", "dx": r"[!-:<-~]+",
          "exp": r"[0-9]{1,9}", "sub": r"(?i:strict|relaxed|explicit)"}


def url(text):
    """base64 without padding to base64url without padding, the spare bits of the last character cleared"""
    octets = base64.b64decode(text + "=" * (-len(text) % 4))
    return base64.urlsafe_b64encode(octets).decode().rstrip("=")


def parse_record(data):
    """record.parse: {"text": a management record} -> its members, keys and signatures in base64url"""
    text = data.get("text")
    if not isinstance(text, str):
        raise Refused("member text is missing or no text")
    found = {name: [] for name in VALUES}
    for token in re.split("[ ;]+", text):
        key, equals, value = token.partition("=")
        name = LONG_NAMES.get(key.lower(), key.lower())
        if name not in VALUES:
            continue  # unknown fields are ignored
        if not equals or not re.fullmatch(VALUES[name], value, re.DOTALL):
            raise Refused("the value of %s cannot be read: %r" % (key, value[:60]), "REC-015")
        found[name].append(value)
    if not found["pok"]:
        raise Refused("no pok", "REC-024")
    last = {name: values[-1] for name, values in found.items() if values}
    record = {"version": 1, "primary": [url(pok) for pok in found["pok"]], "tls": [url(tls) for tls in found["tls"]],
              "policy": last.get("pol", "experimental").lower(), "deliver": found["dx"],
              "expiry": int(last.get("exp", 0)), "subdomain": last.get("sub", "strict").lower()}
    return {**record, **({"syndicates": last["syn"]} if "syn" in last else {})}


def hello(data):
    return {"protocol": 1, "name": "example", "version": "1", "language": "Python", "profiles": [], "stacie": [],
            "operations": [name for name in OPERATIONS if name != "hello"]}


OPERATIONS = {"hello": hello, "record.parse": parse_record, "dmtp.reply.parse": parse_reply}


def answer(request):
    operation = OPERATIONS.get(request["op"])
    if operation is None:
        return {"unsupported": {"reason": "no operation " + request["op"]}}
    try:
        return {"result": operation(request["input"])}
    except Refused as refused:
        return {"error": refused.error}
    except Exception as error:  # a defect of ours, never a right answer
        return {"error": {"code": "internal", "message": repr(error)}}


for line in sys.stdin.buffer:  # octets: the protocol is UTF-8 whatever the locale says
    request = json.loads(line)
    sys.stdout.write(json.dumps({"id": request["id"], **answer(request)}) + "\n")
    sys.stdout.flush()  # the suite waits for this line
