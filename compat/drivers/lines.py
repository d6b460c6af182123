"""What the parts of librdkafka's driver share: lines in, lines out (see driver.ts)."""

import json
import sys
import threading
import time

speaking = threading.Lock()


def say(message):
    with speaking:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()


def tell(event, **what):
    say({"event": event, "at": time.time() * 1000, **what})


def unhex(text):
    return None if text == "-" else bytes.fromhex(text)


def to_hex(data):
    return "-" if data is None else (data if isinstance(data, bytes) else data.encode()).hex()


def line_of(message):
    headers = ",".join(f"{to_hex(name)}:{to_hex(value)}" for name, value in message.headers() or [])
    _, timestamp = message.timestamp()
    fields = [message.partition(), message.offset(), timestamp, to_hex(message.key()), to_hex(message.value()), headers]
    return "\t".join(map(str, fields))
