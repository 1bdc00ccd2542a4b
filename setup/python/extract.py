"""Unpacks some files of wheels into a folder: extract.py FOLDER PATTERN… -- WHEEL…, under leash.py.

A pattern is a regular expression with a group: the whole of a file's name in the wheel must match, and the group is the
file's name in the folder. Prints a line `Progress DONE of TOTAL` (bytes) now and then, and at the end one line `Files` with a
JSON object {name: size}. Every file is on disk (fsync) before that line, and its checksum was right (zipfile checks it).
"""

import json
import os
import re
import sys
import time
import zipfile

CHUNK = 4 << 20


def wanted(wheels, patterns):
    for wheel in wheels:
        for entry in wheel.infolist():
            for pattern in patterns:
                match = pattern.fullmatch(entry.filename)
                if match and not entry.is_dir():
                    yield wheel, entry, match.group(1)
                    break


def main(folder, patterns, paths):
    wheels = [zipfile.ZipFile(path) for path in paths]
    found = list(wanted(wheels, [re.compile(pattern) for pattern in patterns]))
    total = sum(entry.file_size for _, entry, _ in found)
    done, told = 0, 0.0
    for wheel, entry, name in found:
        target = os.path.join(folder, *name.split("/"))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with wheel.open(entry) as source, open(target, "wb") as sink:
            while chunk := source.read(CHUNK):
                sink.write(chunk)
                done += len(chunk)
                if time.monotonic() - told > 0.2:
                    told = time.monotonic()
                    print(f"Progress {done} of {total}", flush=True)
            sink.flush()
            os.fsync(sink.fileno())
        if entry.external_attr >> 16 & 0o100:
            os.chmod(target, 0o755)
    print("Files " + json.dumps({name: entry.file_size for _, entry, name in found}), flush=True)


if __name__ == "__main__":
    split = sys.argv.index("--")
    main(sys.argv[1], sys.argv[2:split], sys.argv[split + 1 :])
